@NullMarked
package io.dynamokv.local.kube;

import org.jspecify.annotations.NullMarked;
