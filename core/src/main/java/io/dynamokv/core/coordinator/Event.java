package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreResult;

/** What happens to a machine. */
public sealed interface Event {
    /** The store executed the operation; others can read its result, a power cut may still take it. */
    record Stored(StoreResult result) implements Event {}

    /** What the store held when it executed the operation meets the cluster's durability (rule W5). */
    record Synced() implements Event {}

    record Replied(NodeId from, PeerReply reply) implements Event {}

    /** @param maybeDelivered false only if the request surely never reached the node */
    record Lost(NodeId to, boolean maybeDelivered) implements Event {}

    record TimedOut(Timer timer) implements Event {}
}
