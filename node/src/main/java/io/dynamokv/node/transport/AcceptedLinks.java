package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The links that peers have to this node, so that it can close them. From any thread. */
final class AcceptedLinks {
    /** One link; equal to no other. */
    static final class Link {
        private final BootId boot;
        private final Runnable close;

        /**
         * @param boot the start of the peer that called
         * @param close from any thread
         */
        Link(BootId boot, Runnable close) {
            this.boot = boot;
            this.close = close;
        }
    }

    private final Map<NodeId, List<Link>> links = new ConcurrentHashMap<>();

    void add(NodeId peer, Link link) {
        links.compute(peer, (id, known) -> with(known == null ? List.of() : known, link));
    }

    private static List<Link> with(List<Link> known, Link link) {
        List<Link> more = new ArrayList<>(known);
        more.add(link);
        return List.copyOf(more);
    }

    void remove(NodeId peer, Link link) {
        links.computeIfPresent(peer, (id, known) -> {
            List<Link> left =
                    known.stream().filter(other -> !other.equals(link)).toList();
            return left.isEmpty() ? null : left;
        });
    }

    void closeEverything() {
        links.keySet().forEach(this::closeAll);
    }

    void closeAll(NodeId peer) {
        close(peer, link -> true);
    }

    /** A node that runs twice, or whose machine lost its power, may still have links of an earlier start (rule N3). */
    void closeThoseOfOtherStarts(NodeId peer, BootId boot) {
        close(peer, link -> !link.boot.equals(boot));
    }

    private void close(NodeId peer, Predicate<Link> which) {
        links.getOrDefault(peer, List.of()).stream().filter(which).forEach(link -> link.close.run());
    }
}
