/** What is played on the cluster, one class for each scenario, and what must hold after every one of them. Depends on {@code cluster} and {@code load}. */
@NullMarked
package io.dynamokv.e2e.scenario;

import org.jspecify.annotations.NullMarked;
