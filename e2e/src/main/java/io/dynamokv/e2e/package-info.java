/** The command {@code ./dynamokv e2e}: the scenarios on a real Kubernetes. Depends on {@code scenario}, {@code cluster} and {@code load}. */
@NullMarked
package io.dynamokv.e2e;

import org.jspecify.annotations.NullMarked;
