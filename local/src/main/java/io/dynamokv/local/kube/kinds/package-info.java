/** The kinds that are served: the built-in ones with what a server adds to and refuses of their objects, and those of CRDs. */
@NullMarked
package io.dynamokv.local.kube.kinds;

import org.jspecify.annotations.NullMarked;
