@NullMarked
package io.dynamokv.local.kube.patch;

import org.jspecify.annotations.NullMarked;
