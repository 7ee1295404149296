/** A cluster of Kubernetes in one JVM, as far as an operator needs one; its pods are node processes. */
@NullMarked
package io.dynamokv.local.kube;

import org.jspecify.annotations.NullMarked;
