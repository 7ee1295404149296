package io.dynamokv.operator.plan;

import static io.dynamokv.operator.plan.Fixture.change;
import static io.dynamokv.operator.plan.Fixture.empty;
import static io.dynamokv.operator.plan.Fixture.firstMap;
import static io.dynamokv.operator.plan.Fixture.lostMap;
import static io.dynamokv.operator.plan.Fixture.next;
import static io.dynamokv.operator.plan.Fixture.outdated;
import static io.dynamokv.operator.plan.Fixture.pod;
import static io.dynamokv.operator.plan.Fixture.pods;
import static io.dynamokv.operator.plan.Fixture.serving;
import static io.dynamokv.operator.plan.Fixture.silent;
import static io.dynamokv.operator.plan.Fixture.steady;
import static io.dynamokv.operator.plan.Fixture.stored;
import static io.dynamokv.operator.plan.Fixture.wanted;
import static io.dynamokv.operator.plan.Fixture.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.Member;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeReport;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each test is a history; its name says what the operator does in it. */
class PlannerTest {
    private static ClusterStep plan(Wanted wanted, Observed observed) {
        return Planner.plan(wanted, observed, Fixture.CLUSTER);
    }

    private static ClusterStep plan(Observed observed) {
        return plan(wanted(), observed);
    }

    private static <T extends ClusterStep> T plan(Class<T> type, Observed observed) {
        return assertInstanceOf(type, plan(observed));
    }

    private static void assertSays(String part, ClusterStep step) {
        assertTrue(step.explain().contains(part), () -> "'" + step.explain() + "' should say '" + part + "'");
    }

    @Test
    void doesNothingWhereEverythingIsAsItShouldBe() {
        plan(ClusterStep.Steady.class, steady(firstMap()));
    }

    @Test
    void changesNothingWhilePaused() {
        Observed observed = Fixture.differing(pods(empty(0), empty(1), empty(2)), "StatefulSet demo");

        assertInstanceOf(ClusterStep.Paused.class, plan(wanted("paused: true"), observed));
    }

    @Test
    void writesObjectsThatDifferBeforeAnythingElse() {
        Observed observed = Fixture.differing(pods(empty(0), empty(1), empty(2)), "StatefulSet demo");

        assertEquals(
                List.of("StatefulSet demo"),
                plan(ClusterStep.ApplyObjects.class, observed).what());
    }

    // Rule M4: the first map.

    @Test
    void storesTheFirstMapWhenEveryDiskIsEmpty() {
        var step = plan(ClusterStep.StoreFirstMap.class, pods(empty(0), empty(1), empty(2)));

        assertEquals(Fixture.CLUSTER, step.map().clusterId());
        assertEquals(
                Set.of("demo-0 zone-0", "demo-1 zone-1", "demo-2 zone-2"),
                step.map().members().stream()
                        .map(member -> member.name() + " " + member.zone().name())
                        .collect(Collectors.toSet()));
        assertEquals(
                Set.of(Fixture.node(0), Fixture.node(1), Fixture.node(2)),
                step.map().members().stream().map(Member::id).collect(Collectors.toSet()));
        assertEquals(256, step.map().partitions().size());
    }

    @Test
    void waitsForEveryPodBeforeTheFirstMap() {
        assertSays("2 of 3 pods", plan(ClusterStep.Wait.class, pods(empty(0), empty(1))));
    }

    @Test
    void waitsForEveryNodesWordBeforeTheFirstMap() {
        var step = plan(ClusterStep.Wait.class, pods(empty(0), silent(1), empty(2)));

        assertSays("demo-1", step);
        assertSays("no address yet", step);
    }

    @Test
    void makesNoSecondFirstMapAfterTheConfigMapAndAllVolumesAreGone() {
        var step = plan(ClusterStep.Blocked.class, lostMap(pods(empty(0), empty(1), empty(2))));

        assertEquals("MapUnknown", step.condition());
    }

    @Test
    void makesNoFirstMapOverClaimsOfAnEarlierResource() {
        Observed observed = Fixture.olderClaims(pods(empty(0), empty(1), empty(2)), "data-demo-0");

        var step = plan(ClusterStep.Blocked.class, observed);

        assertEquals("MapUnknown", step.condition());
        assertSays("data-demo-0", step);
    }

    @Test
    void findsTheMapOfAnEarlierResourceOnItsVolumes() {
        ChainedMap map = firstMap();
        Observed observed = Fixture.olderClaims(pods(serving(0, map), serving(1, map), serving(2, map)), "data-demo-0");

        assertTrue(plan(ClusterStep.AdoptMap.class, observed).raiseTerm());
    }

    // Rule M3: the stored map and the nodes' maps.

    @Test
    void adoptsTheHighestMapOfAMajorityWithARaisedTermWhenTheConfigMapIsLost() {
        ChainedMap old = firstMap();
        ChainedMap newer = next(old, 1);

        var step = plan(ClusterStep.AdoptMap.class, lostMap(pods(serving(0, old), serving(1, newer), silent(2))));

        assertEquals("demo-1", step.from().name());
        assertTrue(step.raiseTerm());
    }

    @Test
    void aMinorityDoesNotDecideWhatTheMapIs() {
        var step = plan(ClusterStep.Blocked.class, lostMap(pods(serving(0, firstMap()), silent(1), silent(2))));

        assertSays("1 of 2", step);
    }

    @Test
    void nodesOfTwoClustersAreNotMixedIntoOneMap() {
        ChainLink newest = ChainLink.of(firstMap().map());
        Observed observed = lostMap(pods(
                serving(0, Fixture.CLUSTER, newest),
                serving(1, Fixture.OTHER_CLUSTER, newest),
                serving(2, Fixture.CLUSTER, newest)));

        assertEquals("MapUnknown", plan(ClusterStep.Blocked.class, observed).condition());
    }

    @Test
    void adoptsANewerMapOfANodeBeforeItPublishesTheStoredOne() {
        ChainedMap old = firstMap();
        ChainedMap newer = next(old, 1);
        Observed observed = stored(old, pods(serving(0, old), serving(1, newer), serving(2, old)));

        var step = plan(ClusterStep.AdoptMap.class, observed);

        assertEquals("demo-1", step.from().name());
        assertFalse(step.raiseTerm());
    }

    @Test
    void publishesAStoredMapToTheNodesThatAreBehind() {
        ChainedMap old = firstMap();
        ChainedMap newer = next(old, 1);
        Observed observed = stored(newer, pods(serving(0, old), serving(1, newer), serving(2, old)));

        assertEquals(
                List.of("demo-0", "demo-2"),
                plan(ClusterStep.PublishMap.class, observed).pods().stream()
                        .map(PodView::name)
                        .toList());
    }

    @Test
    void goesOnWithTheStoredMapAfterADeathBetweenStoringAndJoining() {
        Observed observed = stored(firstMap(), pods(empty(0), empty(1), empty(2)));

        assertEquals(3, plan(ClusterStep.Join.class, observed).pods().size());
    }

    @Test
    void joinsOnlyThoseThatADeathLeftOut() {
        ChainedMap map = firstMap();
        Observed observed = stored(map, pods(serving(0, map), empty(1), serving(2, map)));

        assertEquals(
                List.of("demo-1"),
                plan(ClusterStep.Join.class, observed).pods().stream()
                        .map(PodView::name)
                        .toList());
    }

    // Rule M1: maps never fork.

    @Test
    void twoMapsOfOneEpochStopEverything() {
        ChainedMap first = firstMap();
        ChainedMap ours = next(first, 1);
        ChainedMap theirs = next(first, 3);
        Observed observed = stored(ours, pods(serving(0, theirs), serving(1, ours), serving(2, ours)));

        var step = plan(ClusterStep.Blocked.class, observed);

        assertEquals("MapUnknown", step.condition());
        assertSays("demo-0", step);
    }

    @Test
    void ofTwoForksTheOneThatMoreNodesHaveIsAdopted() {
        ChainedMap theirs = next(firstMap(), 3);
        ChainedMap ours = next(firstMap(), 1);

        var step = plan(ClusterStep.AdoptMap.class, pods(serving(0, theirs), serving(1, ours), serving(2, ours)));

        assertEquals("demo-1", step.from().name());
        assertTrue(step.raiseTerm());
    }

    @Test
    void aNodeBehindWhoseMapIsNoneOfOursStopsEverything() {
        ChainedMap first = firstMap();
        ChainedMap ours = next(next(first, 1), 2);
        ChainedMap theirs = next(first, 3);
        Observed observed = stored(ours, pods(serving(0, theirs), serving(1, ours), serving(2, ours)));

        var step = plan(ClusterStep.Blocked.class, observed);

        assertEquals("MapUnknown", step.condition());
        assertSays("demo-0", step);
    }

    @Test
    void aMapThatWasNeverCommittedGivesWayToTheHigherTerm() {
        ChainedMap first = firstMap();
        ChainedMap recovered = first.followedBy(first.map().nextTerm());
        ChainedMap passedOver = next(first, 3);
        Observed observed =
                stored(recovered, pods(serving(0, passedOver), serving(1, recovered), serving(2, recovered)));

        assertEquals(
                List.of("demo-0"),
                plan(ClusterStep.PublishMap.class, observed).pods().stream()
                        .map(PodView::name)
                        .toList());
    }

    // Rule M2: the next map is made of a committed one.

    @Test
    void storesTheNextMapWhenTheQuorumsChange() {
        var step = assertInstanceOf(
                ClusterStep.StoreNextMap.class,
                plan(wanted("ring: {readQuorum: 1, writeQuorum: 3}"), steady(firstMap())));

        assertEquals(1, step.map().settings().readQuorum());
        assertEquals(3, step.map().settings().writeQuorum());
        assertEquals(2, step.map().epoch().number());
    }

    @Test
    void storesTheNextMapWhenABucketIsDeclared() {
        var step = assertInstanceOf(
                ClusterStep.StoreNextMap.class,
                plan(wanted("buckets: [{name: carts, conflicts: siblings}]"), steady(firstMap())));

        assertEquals("carts", step.map().buckets().getFirst().name());
    }

    @Test
    void makesNoNextMapOfOneThatOnlyAMinorityHas() {
        ChainedMap map = firstMap();
        Observed observed = stored(map, pods(serving(0, map), silent(1), silent(2)));

        var step = assertInstanceOf(ClusterStep.Wait.class, plan(wanted("ring: {readQuorum: 1}"), observed));

        assertSays("not committed: 1 of 2", step);
    }

    @Test
    void aNodeThatIsNoMemberDoesNotCountForAMajority() {
        ChainedMap map = firstMap();
        var stranger = new NodeReport.Serving(
                new NodeId(new UUID(9, 9)), Fixture.CLUSTER, ChainLink.of(map.map()), java.util.Map.of());
        Observed observed = stored(map, pods(serving(0, map), pod(1, stranger), silent(2)));

        assertInstanceOf(ClusterStep.Wait.class, plan(wanted("ring: {readQuorum: 1}"), observed));
    }

    // Rules N1 and N2: volumes.

    @Test
    void aVolumeOfAnotherClusterIsNotTouched() {
        ChainedMap map = firstMap();
        Observed observed = stored(
                map,
                pods(serving(0, map), serving(1, Fixture.OTHER_CLUSTER, ChainLink.of(map.map())), serving(2, map)));

        var step = plan(ClusterStep.Blocked.class, observed);

        assertEquals("DataAtRisk", step.condition());
        assertSays("data-demo-1", step);
    }

    @Test
    void anEmptiedVolumeIsNotReplacedByItself() {
        ChainedMap map = firstMap();
        var stranger = new NodeReport.Empty(new NodeId(new UUID(9, 9)));
        Observed observed = stored(map, pods(serving(0, map), pod(1, stranger), serving(2, map)));

        var step = plan(ClusterStep.Blocked.class, observed);

        assertEquals("DataAtRisk", step.condition());
        assertSays("demo-1", step);
        assertSays(Fixture.node(1).toString(), step);
    }

    // The rollout.

    @Test
    void replacesTheHighestOutdatedPodFirstAndOnlyIfItIsSafe() {
        ChainedMap map = firstMap();
        Observed observed =
                stored(map, pods(outdated(serving(0, map)), outdated(serving(1, map)), outdated(serving(2, map))));

        var step = plan(ClusterStep.DeletePod.class, observed);

        assertEquals("demo-2", step.pod().name());
        assertTrue(step.gated());
    }

    @Test
    void replacesNoPodBeforeKubernetesHasSeenTheNewestTemplate() {
        ChainedMap map = firstMap();
        Observed observed = stored(map, pods(serving(0, map), serving(1, map), outdated(serving(2, map))));

        plan(ClusterStep.Wait.class, Fixture.lagging(observed));
    }

    @Test
    void replacesNoPodWhileAnotherIsAway() {
        ChainedMap map = firstMap();
        Observed observed = stored(
                map, pods(outdated(serving(0, map)), outdated(serving(1, map)), with(silent(2), false, false, false)));

        assertSays("demo-2", plan(ClusterStep.Wait.class, observed));
    }

    @Test
    void replacesNoPodWhileAnotherEnds() {
        ChainedMap map = firstMap();
        Observed observed = stored(
                map,
                pods(outdated(serving(0, map)), outdated(serving(1, map)), with(serving(2, map), true, true, false)));

        assertSays("demo-2", plan(ClusterStep.Wait.class, observed));
    }

    @Test
    void replacesNoPodWhileOneIsMissing() {
        ChainedMap map = firstMap();
        Observed observed = stored(map, pods(outdated(serving(0, map)), outdated(serving(1, map))));

        plan(ClusterStep.Wait.class, observed);
    }

    @Test
    void aBrokenPodOfAnOlderTemplateGoesAtOnce() {
        ChainedMap map = firstMap();
        Observed observed =
                stored(map, pods(outdated(serving(0, map)), outdated(serving(1, map)), outdated(silent(2))));

        var step = plan(ClusterStep.DeletePod.class, observed);

        assertEquals("demo-2", step.pod().name());
        assertFalse(step.gated());
    }

    @Test
    void brokenPodsOfTheFirstTemplateGoBeforeThereIsAMap() {
        Observed observed = pods(outdated(silent(0)), outdated(silent(1)), outdated(silent(2)));

        assertFalse(plan(ClusterStep.DeletePod.class, observed).gated());
    }

    @Test
    void aPodThatServesIsNoBrokenOneEvenIfItsProbeFailed() {
        ChainedMap map = firstMap();
        Observed observed =
                stored(map, pods(serving(0, map), serving(1, map), with(serving(2, map), false, false, true)));

        plan(ClusterStep.Wait.class, observed);
    }

    @Test
    void aBrokenPodOfTheNewestTemplateIsWaitedFor() {
        ChainedMap map = firstMap();
        Observed observed = change(steady(map), 2, _ -> silent(2));

        assertSays("demo-2 is not ready", plan(ClusterStep.Wait.class, observed));
    }

    // Volumes.

    @Test
    void growsClaimsBeforeTheStatefulSetIsMadeAgain() {
        Observed observed = Fixture.smallVolumes(steady(firstMap()), List.of("data-demo-0"), true);

        assertEquals(
                List.of("data-demo-0"),
                plan(ClusterStep.GrowClaims.class, observed).claims());
    }

    /** The disk that is full may be why the node does not start; but where its class cannot grow, what can go on does. */
    @Test
    void growsClaimsBeforeItWaitsForANodeAndAfterAPodThatMayGo() {
        Observed all = Fixture.steady(firstMap());
        Observed outdated = change(all, 2, Fixture::outdated);
        Observed waiting = change(outdated, 1, _ -> silent(1));

        plan(ClusterStep.DeletePod.class, Fixture.smallVolumes(outdated, List.of("data-demo-1"), true));
        plan(ClusterStep.GrowClaims.class, Fixture.smallVolumes(waiting, List.of("data-demo-1"), true));
    }

    @Test
    void aResourceMadeAgainWithOtherPartitionsIsToldThoseOfItsData() {
        var step = Planner.plan(Fixture.wanted("ring: {partitions: 64}"), Fixture.steady(firstMap()), Fixture.CLUSTER);

        var blocked = assertInstanceOf(ClusterStep.Blocked.class, step);
        assertEquals("SpecInvalid", blocked.condition());
        assertSays("make the resource again with ring.partitions 256", blocked);
    }

    @Test
    void makesTheStatefulSetAgainForItsClaimTemplate() {
        plan(ClusterStep.RecreateStatefulSet.class, Fixture.smallVolumes(steady(firstMap()), List.of(), true));
    }
}
