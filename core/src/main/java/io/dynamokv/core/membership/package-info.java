/**
 * Who is alive, and where: {@link io.dynamokv.core.membership.Swim} is SWIM with Lifeguard as a pure machine, on which all nodes agree
 * within seconds. {@link io.dynamokv.core.membership.PeerMonitor} turns the silence of this node's own links into liveness within tenths of
 * a second, for its own next request. Requests are routed by the worse of the two. Depends on {@code cluster}.
 *
 * <p>Whoever runs {@code Swim}, on one thread:
 *
 * <ul>
 *   <li>ticks it at least each fifth of the probe timeout, with milliseconds of a clock that never runs backwards;
 *   <li>tells it the members whenever the cluster map changes, and the map's epoch once it is durable;
 *   <li>tells it when a link to a member has come up, and when the machine of one refuses a connection;
 *   <li>hands it each message with the id that the link's handshake proved, not the one that the message claims;
 *   <li>sends each {@code Send} once, to that address and only if that node is there, or loses it; a message that cannot leave at once is
 *       better lost than kept: a link that hung must not deliver old pings in a heap;
 *   <li>fetches the map on {@code HigherEpoch}, which repeats.
 * </ul>
 */
@NullMarked
package io.dynamokv.core.membership;

import org.jspecify.annotations.NullMarked;
