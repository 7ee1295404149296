package io.dynamokv.operator.plan;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Member;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeReport;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the step of a pass. The order of its questions is that of ADR 006. */
public final class Planner {
    private final Wanted wanted;
    private final Observed observed;
    private final ClusterId freshId;

    private Planner(Wanted wanted, Observed observed, ClusterId freshId) {
        this.wanted = wanted;
        this.observed = observed;
        this.freshId = freshId;
    }

    /** @param freshId for a first map, if this pass makes it: chance is an input */
    public static ClusterStep plan(Wanted wanted, Observed observed, ClusterId freshId) {
        try {
            return new Planner(wanted, observed, freshId).plan();
        } catch (IllegalArgumentException e) {
            return new ClusterStep.Blocked("SpecInvalid", "the spec cannot be followed: " + e.getMessage());
        }
    }

    private ClusterStep plan() {
        if (wanted.paused()) {
            return new ClusterStep.Paused();
        }
        if (!observed.differing().isEmpty()) {
            return new ClusterStep.ApplyObjects(observed.differing());
        }
        if (observed.lagging()) {
            return new ClusterStep.Wait("Kubernetes has not seen the newest StatefulSet yet");
        }
        Optional<ClusterStep> first = unblocking().or(this::mapStep).or(this::rollout);
        return first.filter(step -> !(step instanceof ClusterStep.Wait))
                .or(this::growth)
                .or(() -> first)
                .or(this::newTemplate)
                .orElseGet(this::rest);
    }

    /** Before any wait for a node, for its full disk may be why it is not ready; behind what can go on, for a claim's class may not let it grow. */
    private Optional<ClusterStep> growth() {
        return observed.smallClaims().isEmpty()
                ? Optional.empty()
                : Optional.of(new ClusterStep.GrowClaims(observed.smallClaims()));
    }

    private Optional<ClusterStep> newTemplate() {
        return observed.oldClaimTemplate() ? Optional.of(new ClusterStep.RecreateStatefulSet()) : Optional.empty();
    }

    private Optional<ClusterStep> mapStep() {
        return observed.stored().map(this::withMap).orElseGet(() -> Optional.of(withoutMap()));
    }

    /**
     * Rule M4. Trace: the ConfigMap is deleted by hand, the operator takes this for a new cluster, and its first map gives every partition to
     * nodes that hold nothing of it.
     */
    private ClusterStep withoutMap() {
        List<PodView> serving = observed.pods().stream()
                .filter(pod -> pod.serving().isPresent())
                .toList();
        if (!serving.isEmpty()) {
            return recovered(serving);
        }
        if (observed.everHadMap()) {
            return new ClusterStep.Blocked(
                    "MapUnknown",
                    "the resource once had a map, " + wanted.names().map()
                            + " is gone, and no node has one: nothing moves until a node with data is back or the ConfigMap is restored");
        }
        if (observed.pods().size() < wanted.replicas()) {
            return new ClusterStep.Wait(observed.pods().size() + " of " + wanted.replicas() + " pods are there");
        }
        return observed.pods().stream()
                .filter(pod -> !pod.isEmpty() || pod.zone().isEmpty())
                .findFirst()
                .<ClusterStep>map(pod -> new ClusterStep.Wait(whyNotEmpty(pod)))
                .orElseGet(this::firstMap);
    }

    private ClusterStep firstMap() {
        return observed.olderClaims().isEmpty()
                ? new ClusterStep.StoreFirstMap(WantedMap.first(freshId, wanted, observed.pods()))
                : new ClusterStep.Blocked(
                        "MapUnknown",
                        "the claims " + String.join(", ", observed.olderClaims())
                                + " are older than the resource, and nothing is on their volumes: if their data is not expected"
                                + " back, delete them");
    }

    private static String whyNotEmpty(PodView pod) {
        if (pod.isEmpty()) {
            return "the zone of " + pod.name() + " is not known yet";
        }
        return "the node of " + pod.name() + " has not reported yet"
                + (pod.report() instanceof NodeReport.Unreachable(String why) ? " (" + why + ")" : "")
                + pod.stuck()
                        .map(why -> "; its container does not start: " + why)
                        .orElse("");
    }

    /**
     * Rule M3: the highest map that a majority knows of, with a higher term, so that whatever else was under way is left. Of two that fork there
     * the one that more nodes have.
     */
    private ClusterStep recovered(List<PodView> serving) {
        PodView highest = serving.stream()
                .max(Comparator.comparing(Planner::newest, Planner::compare)
                        .thenComparingLong(pod -> holders(pod, serving)))
                .orElseThrow();
        ClusterId cluster = highest.serving().orElseThrow().clusterId();
        Optional<PodView> foreign = serving.stream()
                .filter(pod -> !pod.serving().orElseThrow().clusterId().equals(cluster))
                .findFirst();
        if (foreign.isPresent()) {
            return new ClusterStep.Blocked(
                    "MapUnknown",
                    "the nodes of " + highest.name() + " and " + foreign.get().name() + " are of two clusters");
        }
        int majority = wanted.replicas() / 2 + 1;
        return serving.size() < majority
                ? new ClusterStep.Blocked(
                        "MapUnknown",
                        "without a stored map a majority must say what it has: " + serving.size() + " of " + majority
                                + " nodes have answered")
                : new ClusterStep.AdoptMap(highest, true);
    }

    private static long holders(PodView of, List<PodView> serving) {
        return serving.stream().filter(pod -> newest(pod).equals(newest(of))).count();
    }

    private static ChainLink newest(PodView pod) {
        return pod.serving().orElseThrow().newest();
    }

    private static int compare(ChainLink one, ChainLink other) {
        int byTerm = Long.compare(one.term(), other.term());
        return byTerm != 0 ? byTerm : one.epoch().compareTo(other.epoch());
    }

    private Optional<ClusterStep> withMap(ChainedMap stored) {
        return foreign(stored.map())
                .or(() -> forked(stored))
                .or(() -> newer(stored))
                .or(() -> joins(stored.map()))
                .or(() -> publications(stored))
                .or(() -> changes(stored));
    }

    /** Rule N1: a volume of another cluster is not touched, and nothing is published past it. */
    private Optional<ClusterStep> foreign(ClusterMap map) {
        return observed.pods().stream()
                .flatMap(pod -> foreignVolume(wanted, map, pod).stream())
                .findFirst()
                .map(why -> new ClusterStep.Blocked("DataAtRisk", why));
    }

    /** Rule M1: two maps of one epoch, be it the newest or an older one. Somebody has counted up again from an older state. */
    private Optional<ClusterStep> forked(ChainedMap stored) {
        ChainLink own = ChainLink.of(stored.map());
        return observed.pods().stream()
                .filter(pod -> pod.serving().isPresent())
                .filter(pod -> stored.chain()
                        .at(newest(pod).epoch())
                        .filter(link -> compare(link, newest(pod)) == 0 && !link.equals(newest(pod)))
                        .isPresent())
                .findFirst()
                .map(pod -> new ClusterStep.Blocked(
                        "MapUnknown",
                        "the map of " + pod.name() + " and the stored one fork: " + newest(pod) + " against "
                                + stored.chain().at(newest(pod).epoch()).orElse(own)
                                + "; delete " + wanted.names().map()
                                + " if the nodes are right, and the highest map of a majority is adopted"));
    }

    /** Rule M3: a node's newer map is adopted. */
    private Optional<ClusterStep> newer(ChainedMap stored) {
        ChainLink own = ChainLink.of(stored.map());
        return observed.pods().stream()
                .filter(pod -> pod.serving().isPresent())
                .filter(pod -> compare(newest(pod), own) > 0)
                .max(Comparator.comparing(Planner::newest, Planner::compare))
                .map(pod -> new ClusterStep.AdoptMap(pod, false));
    }

    private Optional<ClusterStep> joins(ClusterMap map) {
        List<PodView> waiting = observed.pods().stream()
                .filter(PodView::isEmpty)
                .filter(pod -> pod.nodeId().flatMap(map::member).isPresent())
                .toList();
        return waiting.isEmpty() ? Optional.empty() : Optional.of(new ClusterStep.Join(waiting));
    }

    private Optional<ClusterStep> publications(ChainedMap stored) {
        List<PodView> behind = observed.pods().stream()
                .filter(pod -> pod.serving().isPresent())
                .filter(pod -> !newest(pod).equals(ChainLink.of(stored.map())))
                .toList();
        return behind.isEmpty() ? Optional.empty() : Optional.of(new ClusterStep.PublishMap(behind));
    }

    /** Rule M2: the next map is built only on a committed one. */
    private Optional<ClusterStep> changes(ChainedMap stored) {
        Optional<ClusterMap> next = WantedMap.next(stored.map(), wanted);
        if (next.isEmpty()) {
            return Optional.empty();
        }
        long acknowledged = observed.pods().stream()
                .flatMap(pod -> pod.serving().stream())
                .filter(node -> node.newest().equals(ChainLink.of(stored.map())))
                .filter(node -> stored.map().member(node.id()).isPresent())
                .count();
        int majority = stored.map().members().size() / 2 + 1;
        return Optional.of(
                acknowledged < majority
                        ? new ClusterStep.Wait("epoch " + stored.map().epoch() + " is not committed: " + acknowledged
                                + " of " + majority + " members have acknowledged it")
                        : new ClusterStep.StoreNextMap(
                                next.get(), "the resource's quorums, durability or buckets changed"));
    }

    /**
     * A pod that does not start keeps its StatefulSet from making a better one (kubernetes#67250). Its node serves nothing, so it may go at
     * once. What Kubernetes calls it does not matter: a container that crashes is "running" in between.
     */
    private Optional<ClusterStep> unblocking() {
        return observed.pods().stream()
                .filter(pod -> pod.outdated()
                        && !pod.deleting()
                        && !pod.ready()
                        && pod.serving().isEmpty())
                .findFirst()
                .map(pod -> new ClusterStep.DeletePod(
                        pod,
                        "it does not serve (" + pod.stuck().orElse("not ready") + ") and its template is outdated",
                        false));
    }

    private Optional<ClusterStep> rollout() {
        Optional<PodView> next =
                observed.pods().stream().filter(PodView::outdated).max(Comparator.comparingInt(PodView::ordinal));
        if (next.isEmpty()) {
            return Optional.empty();
        }
        Optional<PodView> away = observed.pods().stream()
                .filter(pod -> !pod.ready() || pod.deleting())
                .findFirst();
        if (away.isPresent() || observed.pods().size() < wanted.replicas()) {
            return Optional.of(new ClusterStep.Wait("the rollout goes on when "
                    + away.map(PodView::name).orElse("every pod") + " is ready"
                    + away.flatMap(PodView::stuck).map(why -> " (" + why + ")").orElse("")));
        }
        return Optional.of(new ClusterStep.DeletePod(next.get(), "its template is outdated", true));
    }

    private ClusterStep rest() {
        Optional<String> risk = dataAtRisk(wanted, observed);
        if (risk.isPresent()) {
            return new ClusterStep.Blocked("DataAtRisk", risk.get());
        }
        if (observed.pods().size() < wanted.replicas()) {
            return new ClusterStep.Wait(observed.pods().size() + " of " + wanted.replicas() + " pods are there");
        }
        return observed.pods().stream()
                .flatMap(pod -> whatIsMissing(pod).stream())
                .findFirst()
                .<ClusterStep>map(ClusterStep.Wait::new)
                .orElseGet(ClusterStep.Steady::new);
    }

    private static Optional<String> whatIsMissing(PodView pod) {
        if (!pod.ready() || pod.deleting()) {
            return Optional.of(pod.name() + " is not ready"
                    + pod.stuck().map(why -> ": " + why).orElse(""));
        }
        return switch (pod.report()) {
            case NodeReport.Unreachable(String why) ->
                Optional.of("the node of " + pod.name() + " does not answer: " + why);
            case NodeReport.Empty _ -> Optional.of("the node of " + pod.name() + " has not joined");
            case NodeReport.Serving serving ->
                serving.liveness().entrySet().stream()
                        .filter(seen -> !seen.getValue().equals("alive"))
                        .findFirst()
                        .map(seen -> pod.name() + " sees node " + seen.getKey() + " as " + seen.getValue());
        };
    }

    /** What puts data at risk whatever else is going on: a volume of another cluster (rule N1), or one that came back empty (rule N2). */
    public static Optional<String> dataAtRisk(Wanted wanted, Observed observed) {
        return observed.stored()
                .map(ChainedMap::map)
                .flatMap(map -> observed.pods().stream()
                        .flatMap(pod -> foreignVolume(wanted, map, pod).or(() -> emptiedVolume(map, pod)).stream())
                        .findFirst());
    }

    private static Optional<String> foreignVolume(Wanted wanted, ClusterMap map, PodView pod) {
        return pod.serving()
                .filter(node -> !node.clusterId().equals(map.clusterId()))
                .map(node -> "the volume of " + pod.name() + " belongs to cluster " + node.clusterId()
                        + ", the stored map to " + map.clusterId() + ": bring back the volume of "
                        + wanted.names().claim(pod.ordinal()) + " that is of this cluster, or restore "
                        + wanted.names().map());
    }

    private static Optional<String> emptiedVolume(ClusterMap map, PodView pod) {
        if (!pod.isEmpty() || pod.nodeId().flatMap(map::member).isPresent()) {
            return Optional.empty();
        }
        return membersNamed(map, pod.name())
                .findFirst()
                .map(old -> "the volume of " + pod.name() + " is empty, and the map has node " + old.id()
                        + " in its place: bring the volume back; a lost node cannot be replaced yet");
    }

    private static Stream<Member> membersNamed(ClusterMap map, String name) {
        return map.members().stream().filter(member -> member.name().equals(name));
    }
}
