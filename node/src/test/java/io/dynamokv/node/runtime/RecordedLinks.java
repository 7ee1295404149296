package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.node.port.PeerLinks;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Links to peers that a test plays. */
final class RecordedLinks implements PeerLinks {
    record Sent(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {}

    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    @Override
    public void send(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {
        sent.add(new Sent(to, partition, lastChanged, request, listener));
    }

    @Override
    public void flush() {
        // each is out at once
    }
}
