package io.dynamokv.operator.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.operator.api.v1.DynamoClusterStatus;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeReport;
import io.dynamokv.operator.plan.ClusterStep;
import io.dynamokv.operator.plan.Fixture;
import io.dynamokv.operator.plan.Observed;
import io.dynamokv.operator.plan.Planner;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusOfTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final ClusterId FRESH = Fixture.CLUSTER;

    private static DynamoClusterStatus at(Instant now, Observed observed, @Nullable DynamoClusterStatus before) {
        return at(now, observed, before, "");
    }

    private static DynamoClusterStatus at(
            Instant now, Observed observed, @Nullable DynamoClusterStatus before, String spec) {
        var wanted = Fixture.wanted(spec);
        ClusterStep step = Planner.plan(wanted, observed, FRESH);
        return StatusOf.compute(wanted, observed, step, before, new StatusOf.Moment(4, now, "op-" + now));
    }

    private static Condition condition(DynamoClusterStatus status, String type) {
        return Objects.requireNonNull(status.conditions()).stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static Observed steady() {
        return Fixture.steady(Fixture.firstMap());
    }

    private static Observed withoutNode(int ordinal) {
        return Fixture.change(steady(), ordinal, _ -> Fixture.silent(ordinal));
    }

    /** What follows a loss first is a budget that lets no other pod go: that is no rollout. */
    @Test
    void aLostNodeIsARecoveryThoughObjectsAreApplied() {
        DynamoClusterStatus before = at(NOON, steady(), null);
        var wanted = Fixture.wanted();
        var step = new ClusterStep.ApplyObjects(List.of("PodDisruptionBudget demo"));

        DynamoClusterStatus status =
                StatusOf.compute(wanted, withoutNode(2), step, before, new StatusOf.Moment(4, LATER, "op"));

        assertEquals("Degraded", status.phase());
    }

    @Test
    void aPassThatTheApiServerStopsKeepsWhatWasKnown() {
        DynamoClusterStatus before = at(NOON, steady(), null);

        DynamoClusterStatus status =
                StatusOf.refused(before, new StatusOf.Moment(5, LATER, "op"), "forbidden: the class does not grow");

        assertEquals(5L, status.observedGeneration());
        assertEquals(before.ring(), status.ring());
        assertEquals("True", condition(status, "Ready").getStatus());
        assertEquals("ApiServerRefused", condition(status, "Progressing").getReason());
        assertEquals(
                "forbidden: the class does not grow",
                condition(status, "Progressing").getMessage());
    }

    @Test
    void theFirstStatusHasItsGenerationAndIsNotReady() {
        DynamoClusterStatus status = at(NOON, Fixture.pods(Fixture.empty(0)), null);

        assertEquals(4L, status.observedGeneration());
        assertEquals("Creating", status.phase());
        assertEquals("False", condition(status, "Ready").getStatus());
        assertEquals("True", condition(status, "Progressing").getStatus());
        assertEquals("Create", Objects.requireNonNull(status.operation()).type());
        assertNull(status.ring());
    }

    @Test
    void aSteadyClusterIsReadyAndHasNoOperation() {
        DynamoClusterStatus status = at(NOON, steady(), null);

        assertEquals("Running", status.phase());
        assertEquals(3, status.readyReplicas());
        assertEquals("True", condition(status, "Ready").getStatus());
        assertEquals("False", condition(status, "Degraded").getStatus());
        assertNull(status.operation());
        assertEquals(1L, Objects.requireNonNull(status.ring()).epoch());
        assertEquals(3, Objects.requireNonNull(status.members()).size());
    }

    @Test
    void anEqualWorldGivesAnEqualStatusSoNothingIsWritten() {
        DynamoClusterStatus before = at(NOON, steady(), null);

        assertEquals(before, at(LATER, steady(), before));
    }

    @Test
    void anEqualWaitGivesAnEqualStatusToo() {
        DynamoClusterStatus before = at(NOON, withoutNode(2), at(NOON, steady(), null));

        assertEquals(before, at(LATER, withoutNode(2), before));
    }

    @Test
    void oneNodeAwayIsDegradedAndStillReady() {
        DynamoClusterStatus status = at(LATER, withoutNode(2), at(NOON, steady(), null));

        assertEquals("Degraded", status.phase());
        assertEquals("True", condition(status, "Ready").getStatus());
        assertEquals("True", condition(status, "Degraded").getStatus());
        assertEquals(2, status.readyReplicas());
    }

    @Test
    void twoNodesAwayAreNotReadyForNoQuorumIsLeft() {
        Observed observed = Fixture.change(withoutNode(2), 1, _ -> Fixture.silent(1));

        assertEquals(
                "False",
                condition(at(LATER, observed, at(NOON, steady(), null)), "Ready")
                        .getStatus());
    }

    @Test
    void onlyAConditionThatChangesGetsANewTime() {
        DynamoClusterStatus before = at(NOON, steady(), null);

        DynamoClusterStatus status = at(LATER, withoutNode(2), before);

        assertEquals(NOON.toString(), condition(status, "Ready").getLastTransitionTime());
        assertEquals(LATER.toString(), condition(status, "Degraded").getLastTransitionTime());
    }

    @Test
    void anOperationKeepsItsIdAndItsTimeUntilItEnds() {
        Observed rollout = Fixture.change(steady(), 2, Fixture::outdated);
        DynamoClusterStatus first = at(NOON, rollout, at(NOON, steady(), null));
        Observed away = Fixture.change(steady(), 2, _ -> Fixture.silent(2));
        DynamoClusterStatus second = at(LATER, away, first);
        DynamoClusterStatus end = at(LATER, steady(), second);

        DynamoClusterStatus.Operation begun = Objects.requireNonNull(first.operation());
        DynamoClusterStatus.Operation going = Objects.requireNonNull(second.operation());
        assertEquals("Rollout", begun.type());
        assertEquals(begun.id(), going.id());
        assertEquals("Rollout", going.type());
        assertEquals(begun.since(), going.since());
        assertNull(end.operation());
    }

    @Test
    void aLostMapKeepsTheEpochThatWasHeld() {
        DynamoClusterStatus before = at(NOON, steady(), null);
        Observed lost = Fixture.lostMap(Fixture.pods(Fixture.empty(0), Fixture.empty(1), Fixture.empty(2)));

        DynamoClusterStatus status = at(LATER, lost, before);

        assertEquals("Blocked", status.phase());
        assertEquals(before.ring(), status.ring());
        assertEquals("True", condition(status, "MapUnknown").getStatus());
        assertEquals("False", condition(status, "DataAtRisk").getStatus());
        assertEquals("False", condition(status, "Ready").getStatus());
    }

    @Test
    void pausedIsSaid() {
        DynamoClusterStatus status = at(NOON, steady(), null, "paused: true");

        assertEquals("Paused", status.phase());
        assertEquals("True", condition(status, "Paused").getStatus());
        assertEquals("True", condition(status, "Ready").getStatus());
    }

    @Test
    void aMemberIsWhatMostOthersSayOfIt() {
        ChainedMap map = Fixture.firstMap();
        NodeId lonely = Fixture.node(2);
        Map<NodeId, String> seen = Map.of(Fixture.node(0), "alive", Fixture.node(1), "alive", lonely, "down");
        Observed observed = Fixture.stored(
                map,
                Fixture.pods(
                        Fixture.pod(0, report(0, map, seen)), Fixture.pod(1, report(1, map, seen)), Fixture.silent(2)));

        DynamoClusterStatus status = at(NOON, observed, null);

        List<String> states = Objects.requireNonNull(status.members()).stream()
                .map(DynamoClusterStatus.Member::state)
                .toList();
        assertEquals(List.of("alive", "alive", "down"), states);
        assertNotNull(status.selector());
    }

    private static NodeReport report(int ordinal, ChainedMap map, Map<NodeId, String> seen) {
        return new NodeReport.Serving(Fixture.node(ordinal), Fixture.CLUSTER, ChainLink.of(map.map()), seen);
    }
}
