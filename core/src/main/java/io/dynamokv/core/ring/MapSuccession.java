package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.Epoch;
import java.util.Optional;

/**
 * Whether a node takes a map that it is offered (rules M1 to M3): its own again, a descendant of its own however far, or, of a higher term, a
 * descendant of its own one's parent. A map is built only on a committed one, so the parent is committed, and the node's newest, which the
 * higher term passes over, never was.
 */
public final class MapSuccession {
    /** What becomes of the offer. */
    public sealed interface Verdict {
        /** @param chain the node's, with the offered map at its end */
        record Accepted(MapChain chain) implements Verdict {}

        /** The map is older than the node's, or nothing shows that it descends from it. Names epochs and hashes. */
        record Refused(String why) implements Verdict {}

        /** Two maps of one epoch: somebody has lost the history and counts up again. A person must look. */
        record Forked(String why) implements Verdict {}
    }

    private MapSuccession() {}

    /**
     * @param own the node's newest map, empty before its first
     * @param known the node's chain, which ends with {@code own}
     * @param offeredChain the links that lead to the offered map; at least its own
     * @throws IllegalArgumentException if that chain does not lead to the map
     */
    public static Verdict judge(Optional<ClusterMap> own, MapChain known, ClusterMap offered, MapChain offeredChain) {
        offeredChain.requireLeadsTo(offered);
        if (own.isEmpty()) {
            return new Verdict.Accepted(offeredChain);
        }
        ClusterMap newest = own.get();
        if (!offered.clusterId().equals(newest.clusterId())) {
            return new Verdict.Refused(
                    "the node belongs to cluster " + newest.clusterId() + ", the map to " + offered.clusterId());
        }
        if (offered.equals(newest)) {
            return new Verdict.Accepted(known);
        }
        return judgeOther(newest, known, offered, offeredChain);
    }

    private static Verdict judgeOther(ClusterMap newest, MapChain known, ClusterMap offered, MapChain offeredChain) {
        boolean noLowerTerm = offered.version().term() >= newest.version().term();
        if (noLowerTerm && leadsFrom(offeredChain, offered, newest.epoch(), newest.hash())) {
            return checkContent(newest, offered, known.upTo(newest.epoch(), offeredChain));
        }
        if (offered.version().term() > newest.version().term() && mayBePassedOver(newest)) {
            var parent = new Epoch(newest.knownCommitted());
            if (leadsFrom(offeredChain, offered, parent, newest.version().parentHash())) {
                return checkContent(newest, offered, known.upTo(parent, offeredChain));
            }
        }
        return refusal(newest, known, offered, offeredChain);
    }

    /** The first map is made once (rule M4), and what is known to be committed stays. */
    private static boolean mayBePassedOver(ClusterMap newest) {
        long committed = newest.knownCommitted();
        return committed >= 1 && committed < newest.epoch().number();
    }

    /** A map that comes without links still names its parent. */
    private static boolean leadsFrom(MapChain chain, ClusterMap map, Epoch epoch, String hash) {
        boolean isParent =
                map.epoch().equals(epoch.next()) && map.version().parentHash().equals(hash);
        return isParent
                || chain.at(epoch).filter(link -> link.hash().equals(hash)).isPresent();
    }

    /** What a cluster never changes (rule M5). */
    private static Verdict checkContent(ClusterMap newest, ClusterMap offered, MapChain chain) {
        return newest.whyNotFollowedBy(offered)
                .<Verdict>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Accepted(chain));
    }

    private static Verdict refusal(ClusterMap newest, MapChain known, ClusterMap offered, MapChain offeredChain) {
        String both = "; the node has " + ChainLink.of(newest) + ", the map " + ChainLink.of(offered);
        for (ChainLink link : offeredChain.links()) {
            Optional<ChainLink> same = known.at(link.epoch());
            if (same.isPresent() && !same.get().hash().equals(link.hash())) {
                return new Verdict.Forked("epoch " + link.epoch() + " has hash "
                        + same.get().hash() + " in the node's chain and " + link.hash() + " in the map's" + both);
            }
        }
        if (!offered.epoch().isAfter(newest.epoch())) {
            return new Verdict.Refused("the map is older than the node's" + both);
        }
        Epoch from = offeredChain.links().getFirst().epoch();
        return new Verdict.Refused(
                from.isAfter(newest.epoch())
                        ? "the map's chain begins with epoch " + from + " and must begin with " + newest.epoch()
                                + " or earlier" + both
                        : "the map has a lower term than the node's" + both);
    }
}
