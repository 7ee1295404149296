/**
 * The machines that serve one request each: get, put, delete at a coordinator, and the forwarding of a node that owns no slot of the
 * key (Dynamo 4.5, 4.6, 6.4; rules W1, W3, W4, R1). A machine takes events and returns effects; it performs nothing, and time
 * reaches it as timers that fire. Depends on {@code ring}, {@code version}, {@code quorum}, {@code store} and {@code cluster},
 * and for what nodes ask each other on {@code antientropy}.
 *
 * <p>Whoever runs a machine performs its effects in order and feeds it what comes of them:
 *
 * <ul>
 *   <li>{@code Store} is answered by {@code Stored} once, in the order of the stores, and, when that was {@code Held} and the operation
 *       no {@code Read}, by {@code Synced} when what the store holds meets the cluster's durability.
 *   <li>{@code Send} is answered by {@code Replied} or {@code Lost}, at most once; silence is allowed.
 *   <li>{@code StartTimer} is answered by {@code TimedOut} unless the machine is done.
 *   <li>{@code Answer} comes exactly once. Effects may follow it (read repair) until the machine is done.
 * </ul>
 */
@NullMarked
package io.dynamokv.core.coordinator;

import org.jspecify.annotations.NullMarked;
