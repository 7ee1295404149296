package io.dynamokv.core.coordinator;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.StoreOperation;

/** What a machine wants done. */
public sealed interface Effect {
    record Store(StoreOperation operation) implements Effect {}

    record Send(NodeId to, PeerRequest request) implements Effect {}

    record StartTimer(Timer timer) implements Effect {}

    record Answer(Outcome outcome) implements Effect {}
}
