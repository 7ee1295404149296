/**
 * The end of tombstones: {@link io.dynamokv.core.reaping.TombstoneReaper} removes them by proof and age, never by age alone (rules T1, T2).
 * Depends on {@code store}, {@code version}, {@code ring} and {@code cluster}.
 *
 * <p>Whoever runs a reaper performs its effects in order and feeds it what comes of them: each {@code Scan} is answered by {@code scanned} once,
 * each {@code Prove} by {@code proved} or {@code failed}, or by nothing; time reaches it as ticks. A member asked to prove answers for each tombstone
 * after a sync: an owner, whether its row is exactly that; any other, whether it has no row of that key at all.
 */
@NullMarked
package io.dynamokv.core.reaping;

import org.jspecify.annotations.NullMarked;
