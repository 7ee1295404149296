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
        return new Planner(wanted, observed, freshId).plan();
    }

    private ClusterStep plan() {
        if (wanted.paused()) {
            return new ClusterStep.Paused();
        }
        if (!observed.smallClaims().isEmpty()) {
            return new ClusterStep.GrowClaims(observed.smallClaims());
        }
        if (observed.oldClaimTemplate()) {
            return new ClusterStep.RecreateStatefulSet();
        }
        if (!observed.differing().isEmpty()) {
            return new ClusterStep.ApplyObjects(observed.differing());
        }
        return unblocking().or(this::mapStep).or(this::rollout).orElseGet(this::rest);
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
        if (!observed.olderClaims().isEmpty()) {
            return new ClusterStep.Blocked("MapUnknown", whyOlderClaimsStop());
        }
        Optional<PodView> silent =
                observed.pods().stream().filter(pod -> !pod.isEmpty()).findFirst();
        if (observed.pods().size() < wanted.replicas()) {
            return new ClusterStep.Wait(observed.pods().size() + " of " + wanted.replicas() + " pods are there");
        }
        return silent.<ClusterStep>map(pod -> new ClusterStep.Wait(whyNotEmpty(pod)))
                .orElseGet(() -> new ClusterStep.StoreFirstMap(WantedMap.first(freshId, wanted, observed.pods())));
    }

    /** Trace (rule M4): volumes are kept, the resource is made again, all pods mount something empty by mistake, and a first map forgets the data. */
    private String whyOlderClaimsStop() {
        return "the claims " + String.join(", ", observed.olderClaims()) + " are older than the resource, and neither "
                + wanted.names().map() + " nor a node has a map: bring the nodes with their volumes back or restore the"
                + " ConfigMap; if the claims hold nothing that is needed, delete the resource and the claims, and apply it again";
    }

    private static String whyNotEmpty(PodView pod) {
        return "the node of " + pod.name() + " has not reported yet"
                + (pod.report() instanceof NodeReport.Unreachable(String why) ? " (" + why + ")" : "")
                + pod.stuck()
                        .map(why -> "; its container does not start: " + why)
                        .orElse("");
    }

    /** Rule M3: the highest map that a majority knows of, with a higher term, so that whatever else was under way is left. */
    private ClusterStep recovered(List<PodView> serving) {
        PodView highest = serving.stream()
                .max(Comparator.comparing(Planner::newest, Planner::compare))
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
                ? new ClusterStep.Wait("without a stored map a majority must say what it has: " + serving.size()
                        + " of " + majority + " nodes have answered")
                : new ClusterStep.AdoptMap(highest, true);
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

    /** Rule N1: a volume of another cluster is not touched. */
    private Optional<ClusterStep> foreign(ClusterMap map) {
        return observed.pods().stream()
                .filter(pod -> pod.serving()
                        .filter(node -> !node.clusterId().equals(map.clusterId()))
                        .isPresent())
                .findFirst()
                .map(pod -> new ClusterStep.Blocked(
                        "DataAtRisk",
                        "the volume of " + pod.name() + " belongs to cluster "
                                + pod.serving().orElseThrow().clusterId() + ", the stored map to " + map.clusterId()
                                + ": delete the claim " + wanted.names().claim(pod.ordinal())
                                + " if that data is not wanted, or restore "
                                + wanted.names().map()));
    }

    /**
     * Rule M1. Trace: the ConfigMap is restored from a copy, a next map is made of it, and two maps of one epoch give a partition to different
     * owners. Neither side may win by itself.
     */
    private Optional<ClusterStep> forked(ChainedMap stored) {
        return observed.pods().stream()
                .filter(pod -> pod.serving()
                        .filter(node -> contradicts(node.newest(), stored))
                        .isPresent())
                .findFirst()
                .map(pod -> new ClusterStep.Blocked(
                        "MapUnknown",
                        "the node of " + pod.name() + " has a map with " + newest(pod) + ", "
                                + wanted.names().map() + " another one of that epoch and term: restore the ConfigMap,"
                                + " or delete it to let the majority of the members decide"));
    }

    /** The same epoch and term were made twice. Of another term, the lower one was never committed and is left (rule M3). */
    private static boolean contradicts(ChainLink theirs, ChainedMap stored) {
        return stored.chain()
                .at(theirs.epoch())
                .filter(own -> own.term() == theirs.term())
                .filter(own -> !own.hash().equals(theirs.hash()))
                .isPresent();
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
        Optional<PodView> lost = observed.pods().stream()
                .filter(pod -> oldMember(pod).isPresent())
                .findFirst();
        if (lost.isPresent()) {
            return new ClusterStep.Blocked("DataAtRisk", whatWasLost(lost.get()));
        }
        if (observed.pods().size() < wanted.replicas()) {
            return new ClusterStep.Wait(observed.pods().size() + " of " + wanted.replicas() + " pods are there");
        }
        return observed.pods().stream()
                .filter(pod -> !pod.ready() || pod.deleting())
                .findFirst()
                .<ClusterStep>map(pod -> new ClusterStep.Wait(pod.name() + " is not ready"
                        + pod.stuck().map(why -> ": " + why).orElse("")))
                .orElseGet(ClusterStep.Steady::new);
    }

    /** Rule N2: the member whose volume this pod should have; its node has another id, on an empty directory. */
    private Optional<Member> oldMember(PodView pod) {
        return observed.stored().stream()
                .filter(_ -> pod.isEmpty())
                .map(ChainedMap::map)
                .filter(map -> pod.nodeId().flatMap(map::member).isEmpty())
                .flatMap(map -> membersNamed(map, pod.name()))
                .findFirst();
    }

    private static Stream<Member> membersNamed(ClusterMap map, String name) {
        return map.members().stream().filter(member -> member.name().equals(name));
    }

    private String whatWasLost(PodView pod) {
        return "the volume of " + pod.name() + " is empty, and the map has node "
                + oldMember(pod).orElseThrow().id()
                + " in its place: bring the volume back; a lost node cannot be replaced yet";
    }
}
