package io.dynamokv.node.runtime;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.node.port.PeerLinks;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/** Links to peers that a test plays. */
final class RecordedLinks implements PeerLinks {
    record Sent(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {}

    /** Hears of what is sent, on the loop that sends it. */
    volatile Consumer<Sent> onSent = each -> {};

    final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();

    @Override
    public void send(NodeId to, int partition, Epoch lastChanged, PeerRequest request, Listener listener) {
        var recorded = new Sent(
                to, partition, lastChanged, request, new OnTheLoop(ThreadExecutorMap.currentExecutor(), listener));
        sent.add(recorded);
        onSent.accept(recorded);
    }

    /** As links do: what comes is told on the loop that has sent, or a test would change a request while its shard does. */
    private record OnTheLoop(EventExecutor loop, Listener listener) implements Listener {
        @Override
        public void replied(NodeId from, PeerReply reply) {
            run(() -> listener.replied(from, reply));
        }

        @Override
        public void lost(NodeId to, boolean maybeDelivered) {
            run(() -> listener.lost(to, maybeDelivered));
        }

        private void run(Runnable task) {
            if (loop.inEventLoop()) {
                task.run();
            } else {
                loop.execute(task);
            }
        }
    }

    @Override
    public void flush() {
        // each is out at once
    }
}
