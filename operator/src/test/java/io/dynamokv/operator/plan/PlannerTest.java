package io.dynamokv.operator.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.api.v1.DynamoClusterSpec;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeReport;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each test is a history that a rule prevents, or a step that brings a cluster on. */
class PlannerTest {
    private static final ClusterId FRESH = new ClusterId(new UUID(7, 7));

    private final List<PodView> pods = new ArrayList<>();
    private final List<String> olderClaims = new ArrayList<>();
    private final List<String> differing = new ArrayList<>();
    private final List<String> smallClaims = new ArrayList<>();
    private Optional<ChainedMap> stored = Optional.empty();
    private boolean everHadMap;
    private boolean lagging;
    private boolean oldClaimTemplate;
    private boolean paused;
    private int readQuorum = 2;

    private static NodeId id(int ordinal) {
        return new NodeId(new UUID(1, ordinal + 1));
    }

    private static ChainedMap first() {
        return first(FRESH);
    }

    private static ChainedMap first(ClusterId cluster) {
        List<Member> members = IntStream.range(0, 3)
                .mapToObj(i -> new Member(id(i), "demo-" + i, new Zone("zone-" + i)))
                .toList();
        return ChainedMap.first(Placement.firstMap(cluster, ClusterMap.Settings.DEFAULT, List.of(), members, 256));
    }

    private static ChainedMap second(int readQuorum) {
        var settings = new ClusterMap.Settings(3, readQuorum, 2, Durability.SYNC);
        ChainedMap first = first();
        return first.followedBy(first.map().next(settings, List.of()));
    }

    private static NodeReport serving(int ordinal, ChainedMap map) {
        Map<NodeId, String> liveness = new HashMap<>();
        for (int other = 0; other < 3; other++) {
            if (other != ordinal) {
                liveness.put(id(other), "alive");
            }
        }
        return new NodeReport.Serving(id(ordinal), map.map().clusterId(), ChainLink.of(map.map()), liveness);
    }

    private void pod(int ordinal, boolean ready, boolean outdated, @Nullable String stuck, NodeReport report) {
        pods.add(new PodView(
                "demo-" + ordinal,
                ordinal,
                "uid-" + ordinal,
                "10.0.0." + ordinal,
                Optional.of("zone-" + ordinal),
                ready,
                false,
                outdated,
                Optional.ofNullable(stuck),
                report));
    }

    private void allEmpty() {
        for (int i = 0; i < 3; i++) {
            pod(i, false, false, null, new NodeReport.Empty(id(i)));
        }
    }

    private void allServe(ChainedMap map, boolean outdated) {
        for (int i = 0; i < 3; i++) {
            pod(i, true, outdated, null, serving(i, map));
        }
    }

    private Wanted wanted() {
        var resource = new DynamoCluster();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("shop")
                .withName("demo")
                .withUid("u")
                .build());
        var ring = new DynamoClusterSpec.Ring(256, 3, readQuorum, 2);
        var storage = new DynamoClusterSpec.Storage(new Quantity("1Gi"), null, "sync", "Retain");
        resource.setSpec(
                new DynamoClusterSpec(3, null, null, null, ring, null, storage, null, null, null, null, null, paused));
        return Wanted.of(resource, "node:1", "operators");
    }

    private ClusterStep step() {
        return Planner.plan(
                wanted(),
                new Observed(differing, pods, stored, everHadMap, olderClaims, lagging, smallClaims, oldClaimTemplate),
                FRESH);
    }

    private <T extends ClusterStep> T step(Class<T> type) {
        return assertInstanceOf(type, step());
    }

    private void isBlockedBy(String condition) {
        assertEquals(condition, step(ClusterStep.Blocked.class).condition());
    }

    @Test
    void m4AFirstMapIsMadeOfEmptyNodesAndTheirZones() {
        allEmpty();
        assertEquals(first().map(), step(ClusterStep.StoreFirstMap.class).map());
    }

    @Test
    void m4ANodeThatHasNotReportedIsWaitedFor() {
        pod(0, false, false, null, new NodeReport.Empty(id(0)));
        pod(1, false, false, null, new NodeReport.Unreachable("starting"));
        pod(2, false, false, null, new NodeReport.Empty(id(2)));
        assertTrue(step(ClusterStep.Wait.class).reason().contains("demo-1"));
    }

    @Test
    void m4APodThatIsNotThereYetIsWaitedFor() {
        pod(0, false, false, null, new NodeReport.Empty(id(0)));
        step(ClusterStep.Wait.class);
    }

    @Test
    void m4NoSecondFirstMapWhenTheStatusOnceHeldAnEpoch() {
        allEmpty();
        everHadMap = true;
        isBlockedBy("MapUnknown");
    }

    @Test
    void m4NoFirstMapOverVolumesThatAreOlderThanTheResource() {
        allEmpty();
        olderClaims.add("data-demo-0");
        isBlockedBy("MapUnknown");
    }

    @Test
    void m4AnOperatorThatDiedBeforeTheJoinsGoesOnWithTheStoredMap() {
        allEmpty();
        stored = Optional.of(first());
        assertEquals(3, step(ClusterStep.Join.class).pods().size());
    }

    @Test
    void m3WithoutAStoredMapTheHighestOfAMajorityIsAdoptedWithAHigherTerm() {
        pod(0, true, false, null, serving(0, first()));
        pod(1, true, false, null, serving(1, second(1)));
        pod(2, false, false, null, new NodeReport.Unreachable("away"));
        ClusterStep.AdoptMap adopt = step(ClusterStep.AdoptMap.class);
        assertEquals("demo-1", adopt.from().name());
        assertTrue(adopt.raiseTerm());
    }

    @Test
    void m3AMinorityIsNotEnoughToAdoptAMap() {
        pod(0, true, false, null, serving(0, first()));
        pod(1, false, false, null, new NodeReport.Unreachable("away"));
        pod(2, false, false, null, new NodeReport.Empty(id(2)));
        everHadMap = true;
        isBlockedBy("MapUnknown");
    }

    @Test
    void m3ANodesNewerMapIsAdoptedAndAnOlderNodeGetsTheStoredOne() {
        allServe(second(1), false);
        stored = Optional.of(first());
        assertFalse(step(ClusterStep.AdoptMap.class).raiseTerm());

        pods.clear();
        allServe(first(), false);
        stored = Optional.of(second(1));
        assertEquals(3, step(ClusterStep.PublishMap.class).pods().size());
    }

    @Test
    void m1TwoMapsOfOneEpochStopEverything() {
        allServe(second(1), false);
        stored = Optional.of(second(3));
        isBlockedBy("MapUnknown");
    }

    @Test
    void m2TheNextMapIsBuiltOnlyOnACommittedOne() {
        stored = Optional.of(second(1));
        pod(0, true, false, null, serving(0, second(1)));
        pod(1, false, false, null, new NodeReport.Unreachable("away"));
        pod(2, false, false, null, new NodeReport.Unreachable("away"));
        assertTrue(step(ClusterStep.Wait.class).reason().contains("not committed"));
    }

    @Test
    void quorumsThatChangeInTheSpecGoIntoTheNextMap() {
        stored = Optional.of(first());
        allServe(first(), false);
        readQuorum = 1;
        assertEquals(second(1).map(), step(ClusterStep.StoreNextMap.class).map());
    }

    @Test
    void n1AVolumeOfAnotherClusterIsNotTouched() {
        stored = Optional.of(first());
        pod(0, true, false, null, serving(0, first()));
        pod(1, true, false, null, serving(1, first(new ClusterId(new UUID(9, 9)))));
        pod(2, true, false, null, serving(2, first()));
        isBlockedBy("DataAtRisk");
    }

    @Test
    void n2AVolumeThatCameBackEmptyIsSaidAndNotReplaced() {
        stored = Optional.of(first());
        pod(0, true, false, null, serving(0, first()));
        pod(1, false, false, null, new NodeReport.Empty(new NodeId(new UUID(5, 5))));
        pod(2, true, false, null, serving(2, first()));
        assertTrue(step(ClusterStep.Blocked.class).reason().contains(id(1).toString()));
    }

    @Test
    void theRolloutTakesTheHighestOrdinalWhenAllAreReady() {
        stored = Optional.of(first());
        allServe(first(), true);
        ClusterStep.DeletePod delete = step(ClusterStep.DeletePod.class);
        assertEquals("demo-2", delete.pod().name());
        assertTrue(delete.gated());
    }

    @Test
    void theRolloutWaitsForAPodThatIsNotReady() {
        stored = Optional.of(first());
        pod(0, true, true, null, serving(0, first()));
        pod(1, true, true, null, serving(1, first()));
        pod(2, false, false, null, new NodeReport.Unreachable("starting"));
        assertTrue(step(ClusterStep.Wait.class).reason().contains("demo-2"));
    }

    @Test
    void aPodThatCannotStartAndIsOutdatedIsDeletedUnasked() {
        stored = Optional.of(first());
        pod(0, true, true, null, serving(0, first()));
        pod(1, true, true, null, serving(1, first()));
        pod(2, false, true, "ImagePullBackOff", new NodeReport.Unreachable("no container"));
        ClusterStep.DeletePod delete = step(ClusterStep.DeletePod.class);
        assertEquals("demo-2", delete.pod().name());
        assertFalse(delete.gated());
    }

    @Test
    void aPodThatCannotStartWithTheNewestTemplateIsOnlySaid() {
        stored = Optional.of(first());
        pod(0, true, true, null, serving(0, first()));
        pod(1, true, true, null, serving(1, first()));
        pod(2, false, false, "ImagePullBackOff", new NodeReport.Unreachable("no container"));
        assertTrue(step(ClusterStep.Wait.class).reason().contains("ImagePullBackOff"));
    }

    @Test
    void nothingIsJudgedByAStatefulSetThatKubernetesHasNotSeen() {
        stored = Optional.of(first());
        allServe(first(), false);
        lagging = true;
        step(ClusterStep.Wait.class);
    }

    @Test
    void objectsComeFirstAndVolumesLast() {
        stored = Optional.of(first());
        allServe(first(), false);
        oldClaimTemplate = true;
        step(ClusterStep.RecreateStatefulSet.class);
        smallClaims.add("data-demo-0");
        step(ClusterStep.GrowClaims.class);
        differing.add("Service demo");
        step(ClusterStep.ApplyObjects.class);
    }

    @Test
    void pausedChangesNothingWhateverDiffers() {
        allEmpty();
        differing.add("StatefulSet demo");
        paused = true;
        step(ClusterStep.Paused.class);
    }

    @Test
    void steadyNeedsTheNodesWord() {
        stored = Optional.of(first());
        allServe(first(), false);
        step(ClusterStep.Steady.class);

        pods.set(
                1,
                new PodView(
                        "demo-1",
                        1,
                        "uid-1",
                        "10.0.0.1",
                        Optional.of("zone-1"),
                        true,
                        false,
                        false,
                        Optional.empty(),
                        new NodeReport.Serving(id(1), FRESH, ChainLink.of(first().map()), Map.of(id(2), "down"))));
        assertTrue(step(ClusterStep.Wait.class).reason().contains("down"));
    }
}
