package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How many slots of each partition go to each zone: every partition has as many zones as it can, and over all partitions a zone gets what its
 * nodes are of all nodes, as far as that allows. Deals partition after partition and never into a corner: a zone takes at least what it
 * could not take later, and at most what is left of its share.
 */
final class ZoneShares {
    /** A zone's nodes, in the order of their ids, and what it has yet to take beyond {@code least} in each partition. */
    private static final class Share {
        private final List<NodeId> nodes;
        private final int least;
        private final int most;
        private int left;
        private int taken;

        private Share(List<NodeId> nodes, int least, int most) {
            this.nodes = nodes;
            this.least = least;
            this.most = most;
        }

        private int room() {
            return most - least;
        }

        private int mustTake(int partitionsAfter) {
            return Math.max(0, left - room() * partitionsAfter);
        }

        private boolean mayTake() {
            return taken < Math.min(room(), left);
        }
    }

    /** A zone's nodes and how many of them own a partition. */
    record Deal(List<NodeId> nodes, int slots) {}

    private final List<Share> shares = new ArrayList<>();
    private final int extras;
    private int partitionsLeft;

    /** @param zones the nodes of each zone, all together at least {@code factor} */
    ZoneShares(List<List<NodeId>> zones, int factor, int partitions) {
        int least = zones.size() <= factor ? 1 : 0;
        for (List<NodeId> nodes : zones) {
            shares.add(new Share(nodes, least, zones.size() >= factor ? 1 : Math.min(factor, nodes.size())));
        }
        extras = factor - least * zones.size();
        partitionsLeft = partitions;
        for (long i = 0; i < (long) extras * partitions; i++) {
            hungriest(partitions).left++;
        }
    }

    /** The zone that has least for each of its nodes, of those that can take more. */
    private Share hungriest(int partitions) {
        return shares.stream()
                .filter(share -> share.left < share.room() * partitions)
                .min(Comparator.<Share>comparingDouble(
                                share -> (double) (share.left + share.least * partitions + 1) / share.nodes.size())
                        .thenComparing(share -> share.nodes.getFirst()))
                .orElseThrow(() -> new IllegalStateException("there are more slots than nodes"));
    }

    /** The zones of the next partition. */
    List<Deal> deal(int partition) {
        partitionsLeft--;
        int toTake = extras;
        for (Share share : shares) {
            share.taken = share.mustTake(partitionsLeft);
            toTake -= share.taken;
        }
        for (; toTake > 0; toTake--) {
            shares.stream()
                    .filter(Share::mayTake)
                    .max(Comparator.<Share>comparingInt(share -> share.left - share.taken)
                            .thenComparing(
                                    share -> share.nodes.getFirst(),
                                    Rendezvous.orderFor(partition).reversed()))
                    .orElseThrow(() -> new IllegalStateException("no zone can take partition " + partition))
                    .taken++;
        }
        var deals = new ArrayList<Deal>();
        for (Share share : shares) {
            share.left -= share.taken;
            deals.add(new Deal(share.nodes, share.least + share.taken));
        }
        return deals;
    }
}
