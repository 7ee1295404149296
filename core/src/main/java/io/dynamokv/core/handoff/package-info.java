/**
 * Hinted handoff (Dynamo 4.6, rules H1, H2). A hint is no thing of its own: it is a row whose {@link
 * io.dynamokv.core.store.HintedSlots} name the slots that it is kept for. {@link io.dynamokv.core.handoff.HintLedger} counts them, {@link
 * io.dynamokv.core.handoff.HintReplay} brings them to the slots' owners. Depends on {@code store}, {@code version}, {@code ring} and {@code
 * cluster}.
 *
 * <p>Whoever runs a replay performs its effects in order and feeds it what comes of them: each {@code Scan} is answered by {@code
 * scanned} once, each {@code Deliver} by {@code delivered} or {@code failed}, or by nothing, and time reaches it as ticks.
 */
@NullMarked
package io.dynamokv.core.handoff;

import org.jspecify.annotations.NullMarked;
