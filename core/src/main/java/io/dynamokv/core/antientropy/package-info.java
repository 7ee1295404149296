/**
 * Anti-entropy (Dynamo 4.7): two owners of a partition compare their hash trees and move what differs, without any request. An {@link
 * io.dynamokv.core.antientropy.Exchange} is steered by one side, which asks the other and itself the same few questions; both sides only ever join (rule
 * D3), so it may be cut off, repeated or played twice at any point, and the next one finds what is left. {@link
 * io.dynamokv.core.antientropy.ExchangeSchedule} says when which one is due. Depends on {@code merkle}, {@code store}, {@code version}, {@code ring} and
 * {@code cluster}.
 *
 * <p>Whoever runs an exchange performs its effects in order and feeds it what comes of them:
 *
 * <ul>
 *   <li>{@code AskPeer} and {@code AskSelf} are answered by {@code Answered} or {@code Lost} with the question's number, at most once that counts; silence is
 *       allowed. A {@link io.dynamokv.core.antientropy.ReplicaReader} answers what only reads; {@code Join} goes through the batch step, and its
 *       answer waits until what is held is on disk, whatever the cluster's durability (rule V2). Both sides look whether what comes
 *       is of the partition, as they do with every request of a peer.
 *   <li>{@code StartTimer} is answered by {@code TimedOut} with its number; late ones do no harm.
 *   <li>{@code End} comes exactly once, and nothing after it.
 * </ul>
 */
@NullMarked
package io.dynamokv.core.antientropy;

import org.jspecify.annotations.NullMarked;
