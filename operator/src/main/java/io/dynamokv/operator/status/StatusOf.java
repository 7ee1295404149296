package io.dynamokv.operator.status;

import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.operator.api.v1.DynamoClusterStatus;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.plan.ClusterStep;
import io.dynamokv.operator.plan.Observed;
import io.dynamokv.operator.plan.Planner;
import io.dynamokv.operator.plan.PodView;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Computes a status. What did not change keeps its times, so that an equal world gives an equal status and nothing is written. */
public final class StatusOf {
    private final Wanted wanted;
    private final Observed observed;
    private final ClusterStep step;
    private final DynamoClusterStatus before;
    private final Moment moment;

    /**
     * What a status takes from outside.
     *
     * @param generation of the spec that was read
     * @param freshId for an operation that begins now
     */
    public record Moment(long generation, Instant now, String freshId) {}

    private StatusOf(
            Wanted wanted, Observed observed, ClusterStep step, @Nullable DynamoClusterStatus before, Moment moment) {
        this.wanted = wanted;
        this.observed = observed;
        this.step = step;
        this.before = before == null ? DynamoClusterStatus.NONE : before;
        this.moment = moment;
    }

    public static DynamoClusterStatus compute(
            Wanted wanted, Observed observed, ClusterStep step, @Nullable DynamoClusterStatus before, Moment moment) {
        return new StatusOf(wanted, observed, step, before, moment).compute();
    }

    /** What was known, and that the API server stopped this pass. */
    public static DynamoClusterStatus refused(@Nullable DynamoClusterStatus before, Moment moment, String why) {
        DynamoClusterStatus known = before == null ? DynamoClusterStatus.NONE : before;
        List<Condition> conditions = known.conditions() == null ? List.of() : known.conditions();
        List<Condition> stopped = new Conditions(conditions, moment.generation(), moment.now())
                .add("Progressing", false, "ApiServerRefused", why)
                .list();
        return new DynamoClusterStatus(
                known.phase(),
                moment.generation(),
                known.replicas(),
                known.readyReplicas(),
                known.selector(),
                known.ring(),
                known.members(),
                known.operation(),
                Stream.concat(
                                conditions.stream()
                                        .filter(condition ->
                                                !condition.getType().equals("Progressing")),
                                stopped.stream())
                        .toList());
    }

    private DynamoClusterStatus compute() {
        Optional<ClusterMap> map = observed.stored().map(ChainedMap::map);
        return new DynamoClusterStatus(
                phase(),
                moment.generation(),
                observed.pods().size(),
                ready(),
                wanted.names().selectorText(),
                map.map(StatusOf::ring).orElse(before.ring()),
                map.map(this::members).orElse(before.members()),
                operation(),
                conditions());
    }

    private int ready() {
        return (int) observed.pods().stream().filter(StatusOf::serves).count();
    }

    private static boolean serves(PodView pod) {
        return pod.ready() && !pod.deleting();
    }

    private boolean allServe() {
        return ready() == wanted.replicas() && observed.stored().isPresent();
    }

    /** Every read and write finds its quorum wherever its owners are. */
    private boolean isReady() {
        int quorum = Math.max(wanted.ring().readQuorum(), wanted.ring().writeQuorum());
        int mayBeAway = wanted.ring().replicationFactor() - quorum;
        return observed.stored().isPresent() && wanted.replicas() - ready() <= mayBeAway && wasComplete();
    }

    /** A store that was never complete is not Ready with some of its nodes. */
    private boolean wasComplete() {
        return allServe()
                || conditionsBefore().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"))
                || before.ring() != null && before.operation() == null
                || before.operation() != null && !before.operation().type().equals("Create");
    }

    private List<Condition> conditionsBefore() {
        return before.conditions() == null ? List.of() : before.conditions();
    }

    private String phase() {
        if (step instanceof ClusterStep.Paused) {
            return "Paused";
        }
        if (step instanceof ClusterStep.Blocked) {
            return "Blocked";
        }
        if (step instanceof ClusterStep.Steady) {
            return "Running";
        }
        String type = operationType();
        return switch (type) {
            case "Create" -> "Creating";
            case "Recover" -> "Degraded";
            default -> "Updating";
        };
    }

    private static DynamoClusterStatus.Ring ring(ClusterMap map) {
        return new DynamoClusterStatus.Ring(
                map.epoch().number(),
                map.version().term(),
                String.format(Locale.ROOT, "%.1f %%", Placement.imbalance(map) * 100));
    }

    private List<DynamoClusterStatus.Member> members(ClusterMap map) {
        return map.members().stream()
                .sorted(Comparator.comparing(Member::name))
                .map(member -> new DynamoClusterStatus.Member(
                        member.name(), member.id().toString(), member.zone().name(), state(member), slots(map, member)))
                .toList();
    }

    /** What most others say; of a cluster of one, what it says itself. */
    private String state(Member member) {
        List<String> said = observed.pods().stream()
                .flatMap(pod -> pod.serving().stream())
                .map(node -> node.id().equals(member.id())
                        ? "alive"
                        : node.liveness().getOrDefault(member.id(), "unknown"))
                .toList();
        long alive = said.stream().filter("alive"::equals).count();
        long down = said.stream().filter("down"::equals).count();
        if (said.isEmpty()) {
            return "unknown";
        }
        if (alive * 2 > said.size()) {
            return "alive";
        }
        return down * 2 >= said.size() ? "down" : "suspect";
    }

    private static int slots(ClusterMap map, Member member) {
        return (int) map.partitions().stream()
                .filter(partition -> partition.owners().contains(member.id()))
                .count();
    }

    private DynamoClusterStatus.@Nullable Operation operation() {
        if (step instanceof ClusterStep.Steady || step instanceof ClusterStep.Paused) {
            return null;
        }
        DynamoClusterStatus.Operation running = before.operation();
        return running == null
                ? new DynamoClusterStatus.Operation(
                        moment.freshId(),
                        operationType(),
                        step.type(),
                        moment.now().truncatedTo(ChronoUnit.SECONDS).toString())
                : new DynamoClusterStatus.Operation(running.id(), running.type(), step.type(), running.since());
    }

    /** One operation at a time: what began stays what it is until it ends. */
    private String operationType() {
        if (before.operation() != null) {
            return before.operation().type();
        }
        if (before.ring() == null) {
            return "Create";
        }
        return switch (step) {
            case ClusterStep.StoreNextMap _, ClusterStep.PublishMap _ -> "MapChange";
            case ClusterStep.ApplyObjects _ -> isLoss() ? "Recover" : "Rollout";
            case ClusterStep.DeletePod _, ClusterStep.GrowClaims _, ClusterStep.RecreateStatefulSet _ -> "Rollout";
            case ClusterStep.Wait _, ClusterStep.Join _, ClusterStep.AdoptMap _ -> "Recover";
            case ClusterStep.StoreFirstMap _ -> "Create";
            case ClusterStep.Blocked _, ClusterStep.Paused _, ClusterStep.Steady _ -> "Recover";
        };
    }

    /** Nodes are away, and not because theirs was the turn: the first that follows is a budget that lets no other one go. */
    private boolean isLoss() {
        return !allServe() && observed.pods().stream().noneMatch(PodView::outdated);
    }

    private List<Condition> conditions() {
        boolean isSteady = step instanceof ClusterStep.Steady;
        Optional<String> risk = Planner.dataAtRisk(wanted, observed);
        boolean isStopped = step instanceof ClusterStep.Blocked || step instanceof ClusterStep.Paused;
        String says = step.explain();
        String counted = ready() + " of " + wanted.replicas() + " nodes serve";
        boolean isDegraded = observed.stored().isPresent() && !allServe();
        return new Conditions(conditionsBefore(), moment.generation(), moment.now())
                .add("Ready", isReady(), isReady() ? "Serving" : whyNotReady(), counted)
                .add("Progressing", !isSteady && !isStopped, isSteady ? "Steady" : step.type(), says)
                .add(
                        "Degraded",
                        isDegraded,
                        isDegraded ? "NodesAway" : allServe() ? "AllServe" : "NoMap",
                        isDegraded ? away() : counted)
                .add(
                        "MapUnknown",
                        isBlockedBy("MapUnknown"),
                        reason("MapUnknown"),
                        message("MapUnknown", "the map is known"))
                .add(
                        "DataAtRisk",
                        risk.isPresent(),
                        risk.isPresent() ? "NeedsAPerson" : "Fine",
                        risk.orElse("every volume is in its place"))
                .add(
                        "Paused",
                        wanted.paused(),
                        wanted.paused() ? "SpecPaused" : "NotPaused",
                        wanted.paused() ? says : "changes are made")
                .list();
    }

    private String whyNotReady() {
        return observed.stored().isEmpty() ? "NoMap" : "TooFewNodes";
    }

    private String away() {
        List<String> names = observed.pods().stream()
                .filter(pod -> !serves(pod))
                .map(pod ->
                        pod.name() + pod.stuck().map(why -> " (" + why + ")").orElse(""))
                .toList();
        return names.isEmpty() ? "pods are missing" : "not serving: " + String.join(", ", names);
    }

    private boolean isBlockedBy(String condition) {
        return step instanceof ClusterStep.Blocked(String which, String _) && which.equals(condition);
    }

    private String reason(String condition) {
        return isBlockedBy(condition) ? "NeedsAPerson" : "Fine";
    }

    private String message(String condition, String otherwise) {
        return isBlockedBy(condition) ? step.explain() : otherwise;
    }
}
