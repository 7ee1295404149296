/**
 * What to do next: one pure function from what is wanted and what was seen to one step (rules M1 to M4, N1, N2; ADR 006). Depends on {@code desired}, {@code
 * nodes} and core; calls nothing.
 */
@NullMarked
package io.dynamokv.operator.plan;

import org.jspecify.annotations.NullMarked;
