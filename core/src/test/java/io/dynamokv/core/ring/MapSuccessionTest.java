package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.membersOfOneZone;
import static io.dynamokv.core.ring.RingFixtures.nodes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.ring.ClusterMap.Settings;
import io.dynamokv.core.ring.MapSuccession.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which maps a node takes (rules M1 to M3 and M5). A cluster's history is maps 1, 2, 3 and so on; a prime is a rival of the same epoch. */
class MapSuccessionTest {
    private static final ClusterMap FIRST = RingFixtures.map(membersOfOneZone(3), nodes(1, 2), nodes(2, 3));

    /** A child that differs from its siblings by W. */
    private static ClusterMap childOf(ClusterMap parent, int writeQuorum) {
        return parent.next(new Settings(2, 1, writeQuorum, Durability.SYNC), parent.buckets());
    }

    /** Maps 1 to the given one. */
    private static List<ClusterMap> history(int last) {
        var maps = new ArrayList<>(List.of(FIRST));
        while (maps.size() < last) {
            maps.add(childOf(maps.getLast(), 1 + maps.size() % 2));
        }
        return maps;
    }

    private static MapChain chain(List<ClusterMap> maps) {
        return new MapChain(maps.stream().map(ChainLink::of).toList());
    }

    /** A node that adopted all of {@code maps} is offered the last of {@code offered}, with the links of all of them. */
    private static Verdict judge(List<ClusterMap> maps, List<ClusterMap> offered) {
        return MapSuccession.judge(Optional.of(maps.getLast()), chain(maps), offered.getLast(), chain(offered));
    }

    private static void assertAccepted(List<ClusterMap> chain, Verdict verdict) {
        assertEquals(new Verdict.Accepted(chain(chain)), verdict);
    }

    private static List<ClusterMap> and(List<ClusterMap> maps, ClusterMap next) {
        var more = new ArrayList<>(maps);
        more.add(next);
        return more;
    }

    @Test
    void aNodeWithoutAMapTakesItsFirstWithTheChainThatCame() {
        List<ClusterMap> maps = history(3);

        assertAccepted(maps, MapSuccession.judge(Optional.empty(), MapChain.EMPTY, maps.get(2), chain(maps)));
        assertAccepted(
                List.of(maps.get(2)),
                MapSuccession.judge(Optional.empty(), MapChain.EMPTY, maps.get(2), MapChain.of(maps.get(2))));
    }

    @Test
    void m1_theOwnMapAgainAndTheDirectChildAreTakenWithoutLinks() {
        List<ClusterMap> maps = history(3);

        assertAccepted(maps, judge(maps, List.of(maps.get(2))));
        assertAccepted(maps, judge(maps.subList(0, 2), List.of(maps.get(2))));
    }

    @Test
    void m1_aDescendantHoweverFarIsTakenIfItsLinksLeadFromTheNodesMap() {
        List<ClusterMap> maps = history(9);

        assertAccepted(maps, judge(maps.subList(0, 2), maps));
        assertAccepted(maps, judge(maps.subList(0, 2), maps.subList(1, 9)));
    }

    @Test
    void m1_withoutTheLinksNothingShowsThatItDescends() {
        List<ClusterMap> maps = history(9);

        Verdict verdict = judge(maps.subList(0, 2), maps.subList(4, 9));

        String why = assertInstanceOf(Verdict.Refused.class, verdict).why();
        assertTrue(
                why.startsWith(
                        "the map's chain begins with epoch 5 and must begin with 2 or earlier; the node has epoch 2"),
                why);
        assertTrue(why.contains(maps.get(1).hash()) && why.contains(maps.get(8).hash()), why);
    }

    /** 1. The nodes have map 3. 2. etcd is restored with map 2. 3. The operator counts up again, with other owners. */
    @Test
    void m1_anOperatorThatCountsUpAgainIsRefusedWithAnAlarm() {
        List<ClusterMap> maps = history(3);
        ClusterMap rival = childOf(maps.get(1), 2);
        assertTrue(!rival.equals(maps.get(2)));

        Verdict verdict = judge(maps, and(maps.subList(0, 2), rival));

        String why = assertInstanceOf(Verdict.Forked.class, verdict).why();
        assertTrue(
                why.startsWith("epoch 3 has hash " + maps.get(2).hash() + " in the node's chain and " + rival.hash()),
                why);
        assertInstanceOf(Verdict.Forked.class, judge(maps, List.of(rival)));
    }

    /** The same, but the operator has counted past the node before it reached it. */
    @Test
    void m1_aForkThatHasGoneOnIsFoundByItsLinks() {
        List<ClusterMap> maps = history(3);
        List<ClusterMap> fork = and(maps.subList(0, 2), childOf(maps.get(1), 2));
        fork = and(fork, childOf(fork.getLast(), 1));
        fork = and(fork, childOf(fork.getLast(), 1));

        assertInstanceOf(Verdict.Forked.class, judge(maps, fork));
    }

    @Test
    void m1_anOlderMapIsRefusedWithoutAnAlarm() {
        List<ClusterMap> maps = history(5);

        String why = assertInstanceOf(Verdict.Refused.class, judge(maps, maps.subList(0, 3)))
                .why();

        assertTrue(why.startsWith("the map is older than the node's; the node has epoch 5"), why);
    }

    /** 1. Map 3 reaches one node only. 2. The ConfigMap is lost. 3. A majority says 2; the operator makes 3' of term 2. */
    @Test
    void m3_aHigherTermPassesOverAMapThatWasNeverCommitted() {
        List<ClusterMap> maps = history(3);
        ClusterMap recovered = maps.get(1).nextTerm();
        List<ClusterMap> line = and(maps.subList(0, 2), recovered);
        List<ClusterMap> later = and(line, childOf(recovered, 2));

        assertAccepted(line, judge(maps, line));
        assertAccepted(line, judge(maps, List.of(recovered)));
        assertAccepted(later, judge(maps, later));
        assertAccepted(later, judge(maps, later.subList(1, 4)));
    }

    /** What the parent's parent has is not enough: the parent was committed. */
    @Test
    void m3_aHigherTermNeverPassesOverACommittedMap() {
        List<ClusterMap> maps = history(4);
        List<ClusterMap> line = and(maps.subList(0, 2), maps.get(1).nextTerm());
        line = and(line, childOf(line.getLast(), 1));

        assertInstanceOf(Verdict.Forked.class, judge(maps, line));
        assertInstanceOf(Verdict.Forked.class, judge(maps.subList(3, 4), line.subList(3, 4)));
    }

    /** The old operator goes on after the recovery. */
    @Test
    void m3_theOldTermComesTooLate() {
        List<ClusterMap> maps = history(3);
        List<ClusterMap> line = and(maps.subList(0, 2), maps.get(1).nextTerm());

        assertInstanceOf(Verdict.Forked.class, judge(line, maps));
        assertInstanceOf(Verdict.Forked.class, judge(line, and(maps, childOf(maps.get(2), 1))));
    }

    /** A cluster of one commits by itself. */
    @Test
    void m3_aHigherTermNeverPassesOverAMapOfItsOnlyMember() {
        ClusterMap first = RingFixtures.map(membersOfOneZone(1), nodes(1));
        ClusterMap second = first.next(first.settings(), List.of(new Bucket("b", Conflicts.SIBLINGS)));

        assertInstanceOf(Verdict.Forked.class, judge(List.of(first, second), List.of(first, first.nextTerm())));
    }

    @Test
    void theFirstMapIsNeverPassedOver() {
        ClusterMap rival = new ClusterMap(
                FIRST.clusterId(),
                new ClusterMap.Version(2, Epoch.FIRST, ""),
                FIRST.settings(),
                List.of(),
                FIRST.members(),
                FIRST.partitions());

        assertInstanceOf(Verdict.Forked.class, judge(List.of(FIRST), List.of(rival)));
    }

    @Test
    void anotherClustersMapIsRefused() {
        var foreign = new ClusterMap(
                new ClusterId(new UUID(9, 9)),
                FIRST.version(),
                FIRST.settings(),
                List.of(),
                FIRST.members(),
                FIRST.partitions());

        String why = assertInstanceOf(Verdict.Refused.class, judge(List.of(FIRST), List.of(foreign)))
                .why();

        assertEquals("the node belongs to cluster " + FIRST.clusterId() + ", the map to " + foreign.clusterId(), why);
    }

    @Test
    void aChainThatDoesNotLeadToItsMapIsBadInput() {
        List<ClusterMap> maps = history(5);
        assertBad("chain: it has no links", maps, MapChain.EMPTY);
        assertBad("chain: it ends with epoch 4", maps, chain(maps.subList(0, 4)));
        assertBad("chain: epoch 4 is missing before 5", maps, chain(List.of(maps.get(2), maps.get(4))));
        ClusterMap other = childOf(maps.get(2), 1 + maps.get(3).settings().writeQuorum() % 2);
        assertTrue(!other.equals(maps.get(3)));
        assertBad("chain: before the map stands epoch 4", maps, chain(List.of(maps.get(2), other, maps.get(4))));
    }

    private static void assertBad(String part, List<ClusterMap> maps, MapChain chain) {
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> MapSuccession.judge(Optional.of(maps.get(2)), chain(maps.subList(0, 3)), maps.get(4), chain));
        assertTrue(String.valueOf(e.getMessage()).startsWith(part), e.getMessage());
    }

    /** Rule M5. */
    @Test
    void whatNeverChangesIsRefused() {
        ClusterMap latest = FIRST.next(FIRST.settings(), List.of(new Bucket("b", Conflicts.LATEST)));
        ClusterMap gone = withBuckets(latest, List.of());
        ClusterMap turned = withBuckets(latest, List.of(new Bucket("b", Conflicts.SIBLINGS)));
        ClusterMap more =
                withBuckets(latest, List.of(new Bucket("a", Conflicts.LATEST), new Bucket("b", Conflicts.LATEST)));

        for (ClusterMap bad : List.of(gone, turned)) {
            String why = assertInstanceOf(Verdict.Refused.class, judge(List.of(FIRST, latest), List.of(latest, bad)))
                    .why();
            assertEquals("the conflicts of bucket b never change: they are LATEST, the map has SIBLINGS", why);
            assertThrows(IllegalArgumentException.class, () -> latest.next(latest.settings(), bad.buckets()));
        }
        assertAccepted(List.of(FIRST, latest, more), judge(List.of(FIRST, latest), List.of(latest, more)));
        assertThrows(
                IllegalArgumentException.class, () -> FIRST.next(new Settings(1, 1, 1, Durability.SYNC), List.of()));
    }

    private static ClusterMap withBuckets(ClusterMap parent, List<Bucket> buckets) {
        return new ClusterMap(
                parent.clusterId(),
                new ClusterMap.Version(parent.version().term(), parent.epoch().next(), parent.hash()),
                parent.settings(),
                buckets,
                parent.members(),
                parent.partitions());
    }

    @Test
    void theNextMapIsAChildWithTheSameOwners() {
        ClusterMap next = childOf(FIRST, 1);

        assertTrue(next.isChildOf(FIRST));
        assertEquals(FIRST.partitions(), next.partitions());
        assertEquals(FIRST.members(), next.members());
        assertEquals(1, next.settings().writeQuorum());
        assertTrue(FIRST.nextTerm().isChildOf(FIRST));
        assertEquals(2, FIRST.nextTerm().version().term());
    }

    @Test
    void m2_aMemberKnowsItsMapsParentToBeCommitted() {
        assertEquals(0, FIRST.knownCommitted());
        assertEquals(4, history(5).getLast().knownCommitted());
        ClusterMap alone = RingFixtures.map(membersOfOneZone(1), nodes(1));
        assertEquals(1, alone.knownCommitted());
    }

    /**
     * Operators that forget, rivals that count up again, recoveries of higher terms, offered in any order: a node's chain never holds two maps of
     * an epoch, always leads to its map, and never loses a map that it knew to be committed.
     */
    @Test
    void aNodesHistoryOnlyEverGrowsBehindWhatIsCommitted() {
        SeededProperty.forSeeds(300, random -> {
            var all = new ArrayList<>(List.of(List.of(FIRST)));
            for (int i = 0; i < 25; i++) {
                List<ClusterMap> line = all.get(random.nextInt(all.size()));
                List<ClusterMap> cut = line.subList(0, 1 + random.nextInt(line.size()));
                ClusterMap last = cut.getLast();
                all.add(and(cut, random.nextInt(4) == 0 ? last.nextTerm() : childOf(last, 1 + random.nextInt(2))));
            }
            ClusterMap own = FIRST;
            MapChain known = MapChain.of(FIRST);
            for (int i = 0; i < 60; i++) {
                List<ClusterMap> offered = all.get(random.nextInt(all.size()));
                List<ClusterMap> sent = offered.subList(random.nextInt(offered.size()), offered.size());
                Verdict verdict = MapSuccession.judge(Optional.of(own), known, sent.getLast(), chain(sent));
                if (verdict instanceof Verdict.Accepted accepted) {
                    ClusterMap taken = sent.getLast();
                    long committed = own.knownCommitted();
                    for (ChainLink link : known.links()) {
                        if (link.epoch().number() <= committed) {
                            assertEquals(Optional.of(link), accepted.chain().at(link.epoch()));
                        }
                    }
                    accepted.chain().requireLeadsTo(taken);
                    assertTrue(taken.version().term() >= own.version().term());
                    own = taken;
                    known = accepted.chain();
                }
            }
        });
    }
}
