@NullMarked
package io.dynamokv.local.kube.object;

import org.jspecify.annotations.NullMarked;
