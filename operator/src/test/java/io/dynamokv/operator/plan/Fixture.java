package io.dynamokv.operator.plan;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.ChainLink;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Durability;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.NodeReport;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A cluster {@code demo} of three nodes, 0, 1 and 2, in three zones. */
public final class Fixture {
    public static final ClusterId CLUSTER = new ClusterId(new UUID(7, 7));
    public static final ClusterId OTHER_CLUSTER = new ClusterId(new UUID(8, 8));

    private Fixture() {}

    public static Wanted wanted(String... lines) {
        String spec = String.join("\n", List.of(lines)).indent(2);
        DynamoCluster resource = Serialization.unmarshal("""
                apiVersion: dynamokv.io/v1
                kind: DynamoCluster
                metadata: {name: demo, namespace: shop, uid: u-1}
                spec:
                  replicas: 3
                  storage: {size: 1Gi}
                """ + spec, DynamoCluster.class);
        return Wanted.of(resource, "dynamokv-node:test", "operators");
    }

    public static NodeId node(int ordinal) {
        return new NodeId(new UUID(1, ordinal));
    }

    /** The map that the operator makes first of these three. */
    public static ChainedMap firstMap() {
        var settings = new ClusterMap.Settings(3, 2, 2, Durability.SYNC);
        List<Member> members = IntStream.range(0, 3)
                .mapToObj(ordinal -> new Member(node(ordinal), "demo-" + ordinal, new Zone("zone-" + ordinal)))
                .toList();
        return ChainedMap.first(Placement.firstMap(CLUSTER, settings, List.of(), members, 256));
    }

    public static ChainedMap next(ChainedMap map, int readQuorum) {
        var settings = new ClusterMap.Settings(3, readQuorum, 2, Durability.SYNC);
        return map.followedBy(map.map().next(settings, List.of()));
    }

    public static PodView pod(int ordinal, NodeReport report) {
        return new PodView(
                "demo-" + ordinal,
                ordinal,
                "uid-" + ordinal,
                "10.0.0." + ordinal,
                Optional.of("zone-" + ordinal),
                report instanceof NodeReport.Serving,
                false,
                false,
                Optional.empty(),
                report);
    }

    public static PodView empty(int ordinal) {
        return pod(ordinal, new NodeReport.Empty(node(ordinal)));
    }

    public static PodView serving(int ordinal, ChainedMap map) {
        return serving(ordinal, map.map().clusterId(), ChainLink.of(map.map()));
    }

    public static PodView serving(int ordinal, ClusterId cluster, ChainLink newest) {
        Map<NodeId, String> liveness = new HashMap<>();
        IntStream.range(0, 3).filter(other -> other != ordinal).forEach(other -> liveness.put(node(other), "alive"));
        return pod(ordinal, new NodeReport.Serving(node(ordinal), cluster, newest, liveness));
    }

    public static PodView silent(int ordinal) {
        return pod(ordinal, new NodeReport.Unreachable("it has no address yet"));
    }

    public static PodView with(PodView pod, boolean ready, boolean deleting, boolean outdated) {
        return new PodView(
                pod.name(),
                pod.ordinal(),
                pod.uid(),
                pod.ip(),
                pod.zone(),
                ready,
                deleting,
                outdated,
                pod.stuck(),
                pod.report());
    }

    public static PodView outdated(PodView pod) {
        return with(pod, pod.ready(), false, true);
    }

    public static Observed nothing() {
        return new Observed(List.of(), List.of(), Optional.empty(), false, List.of(), false, List.of(), false);
    }

    public static Observed pods(PodView... pods) {
        return pods(nothing(), pods);
    }

    private static Observed pods(Observed observed, PodView... pods) {
        return new Observed(
                observed.differing(),
                List.of(pods),
                observed.stored(),
                observed.everHadMap(),
                observed.olderClaims(),
                observed.lagging(),
                observed.smallClaims(),
                observed.oldClaimTemplate());
    }

    /** All as it should be. */
    public static Observed steady(ChainedMap stored) {
        return stored(stored, pods(serving(0, stored), serving(1, stored), serving(2, stored)));
    }

    public static Observed stored(ChainedMap stored, Observed observed) {
        return new Observed(
                observed.differing(),
                observed.pods(),
                Optional.of(stored),
                true,
                observed.olderClaims(),
                observed.lagging(),
                observed.smallClaims(),
                observed.oldClaimTemplate());
    }

    public static Observed lostMap(Observed observed) {
        return new Observed(
                observed.differing(), observed.pods(), Optional.empty(), true, List.of(), false, List.of(), false);
    }

    public static Observed olderClaims(Observed observed, String... claims) {
        return new Observed(
                observed.differing(),
                observed.pods(),
                observed.stored(),
                observed.everHadMap(),
                List.of(claims),
                false,
                List.of(),
                false);
    }

    /** Kubernetes has not seen the newest StatefulSet yet. */
    public static Observed lagging(Observed observed) {
        return new Observed(
                observed.differing(),
                observed.pods(),
                observed.stored(),
                observed.everHadMap(),
                observed.olderClaims(),
                true,
                observed.smallClaims(),
                observed.oldClaimTemplate());
    }

    public static Observed differing(Observed observed, String... objects) {
        return new Observed(
                List.of(objects),
                observed.pods(),
                observed.stored(),
                observed.everHadMap(),
                List.of(),
                false,
                List.of(),
                false);
    }

    public static Observed smallVolumes(Observed observed, List<String> claims, boolean oldTemplate) {
        return new Observed(
                observed.differing(),
                observed.pods(),
                observed.stored(),
                observed.everHadMap(),
                List.of(),
                false,
                claims,
                oldTemplate);
    }

    /** The same with one pod changed. */
    public static Observed change(Observed observed, int ordinal, UnaryOperator<PodView> change) {
        var pods = new ArrayList<>(observed.pods());
        pods.replaceAll(pod -> pod.ordinal() == ordinal ? change.apply(pod) : pod);
        return pods(observed, pods.toArray(PodView[]::new));
    }
}
