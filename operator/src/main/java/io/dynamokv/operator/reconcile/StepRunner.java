package io.dynamokv.operator.reconcile;

import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapSuccession;
import io.dynamokv.core.ring.Member;
import io.dynamokv.operator.desired.DesiredData;
import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.ChainedMap;
import io.dynamokv.operator.nodes.Joining;
import io.dynamokv.operator.nodes.NodeAnswer;
import io.dynamokv.operator.nodes.NodeClient;
import io.dynamokv.operator.observe.Caches;
import io.dynamokv.operator.observe.Desired;
import io.dynamokv.operator.observe.ObjectComparison;
import io.dynamokv.operator.observe.Pods;
import io.dynamokv.operator.observe.StoredMaps;
import io.dynamokv.operator.plan.ClusterStep;
import io.dynamokv.operator.plan.Observed;
import io.dynamokv.operator.plan.PodView;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Does a step. Each can be done again when the operator died in it: what was done is seen by the next look. */
final class StepRunner {
    /** What became of a step. */
    sealed interface Done {
        /** Look again at once. */
        record Changed() implements Done {}

        /** Nothing was changed, or not all of it. */
        record Held(String why) implements Done {}

        /** Not done, for somebody else undoes it. */
        record Contested(String what, Duration pause) implements Done {}
    }

    private final KubernetesClient client;
    private final NodeClient nodes;
    private final ObjectComparison comparison;

    StepRunner(KubernetesClient client, NodeClient nodes, ObjectComparison comparison) {
        this.client = client;
        this.nodes = nodes;
        this.comparison = comparison;
    }

    Done run(ClusterStep step, Wanted wanted, Observed observed, Caches caches, Desired desired) {
        return switch (step) {
            case ClusterStep.ApplyObjects _ -> apply(desired, caches);
            case ClusterStep.StoreFirstMap(ClusterMap map) -> create(wanted, ChainedMap.first(map));
            case ClusterStep.AdoptMap(PodView from, boolean raiseTerm) ->
                adopt(wanted, caches, observed, from, raiseTerm);
            case ClusterStep.StoreNextMap(ClusterMap map, String _) ->
                replace(wanted, caches, observed.stored().orElseThrow().followedBy(map));
            case ClusterStep.Join(List<PodView> pods) -> join(wanted, caches, observed, pods);
            case ClusterStep.PublishMap(List<PodView> pods) -> publish(wanted, caches, observed, pods);
            case ClusterStep.DeletePod delete -> delete(wanted, delete);
            case ClusterStep.GrowClaims(List<String> claims) -> grow(wanted, claims);
            case ClusterStep.RecreateStatefulSet() -> orphan(wanted);
            case ClusterStep.Wait(String reason) -> new Done.Held(reason);
            case ClusterStep.Blocked(String _, String reason) -> new Done.Held(reason);
            case ClusterStep.Paused _, ClusterStep.Steady _ -> new Done.Held(step.explain());
        };
    }

    private Done apply(Desired desired, Caches caches) {
        for (HasMetadata object : desired.present()) {
            HasMetadata actual =
                    caches.get(object.getClass(), object.getMetadata().getName());
            if (actual == null) {
                Optional<Done> held = create(object);
                if (held.isPresent()) {
                    return held.get();
                }
            } else if (!comparison.isAsDesired(object, actual)) {
                client.resource(comparison.merged(object, actual)).update();
            }
        }
        for (HasMetadata object : desired.absent()) {
            if (caches.get(object.getClass(), object.getMetadata().getName()) != null) {
                client.resource(object).delete();
            }
        }
        return new Done.Changed();
    }

    /** What is there and not in the cache is either about to come, or somebody else's. */
    private Optional<Done> create(HasMetadata object) {
        try {
            client.resource(object).create();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            return Optional.of(new Done.Held(object.getKind() + " "
                    + object.getMetadata().getName()
                    + " exists already; if this stays, delete it, or give it the labels "
                    + Names.MANAGED_BY_LABEL + "=" + Names.OPERATOR + " and " + Names.INSTANCE_LABEL + "="
                    + object.getMetadata().getLabels().get(Names.INSTANCE_LABEL)));
        }
    }

    /** Fails if there is one already: a first map is made once (rule M4). */
    private Done create(Wanted wanted, ChainedMap map) {
        return create(configMap(wanted, map)).orElseGet(Done.Changed::new);
    }

    private static ConfigMap configMap(Wanted wanted, ChainedMap map) {
        return DesiredData.map(wanted, StoredMaps.json(map.map()), map.chain().format());
    }

    /** Compare and set: an update of what this pass has read (rule M3). */
    private Done replace(Wanted wanted, Caches caches, ChainedMap map) {
        ConfigMap actual = caches.get(ConfigMap.class, wanted.names().map());
        if (actual == null) {
            return create(wanted, map);
        }
        client.resource(comparison.merged(configMap(wanted, map), actual)).update();
        return new Done.Changed();
    }

    /** Rule M1 holds for the operator too: what does not descend from the stored map is not adopted. */
    private Done adopt(Wanted wanted, Caches caches, Observed observed, PodView from, boolean raiseTerm) {
        Optional<ChainedMap> theirs = nodes.map(from.ip());
        if (theirs.isEmpty()) {
            return new Done.Held("the map of " + from.name() + " cannot be read");
        }
        ChainedMap map = theirs.get();
        if (raiseTerm) {
            return replace(wanted, caches, map.followedBy(map.map().nextTerm()));
        }
        ChainedMap stored = observed.stored().orElseThrow();
        return switch (MapSuccession.judge(Optional.of(stored.map()), stored.chain(), map.map(), map.chain())) {
            case MapSuccession.Verdict.Accepted(MapChain chain) ->
                replace(wanted, caches, new ChainedMap(map.map(), chain));
            case MapSuccession.Verdict.Refused(String why) ->
                new Done.Held("the map of " + from.name() + " is not adopted: " + why);
            case MapSuccession.Verdict.Forked(String why) ->
                new Done.Held("the map of " + from.name() + " and the stored one fork: " + why);
        };
    }

    private Done join(Wanted wanted, Caches caches, Observed observed, List<PodView> pods) {
        ChainedMap map = observed.stored().orElseThrow();
        var joining = new Joining(map.map().members().stream()
                .map(member -> peer(wanted.names(), member))
                .toList());
        return withToken(wanted, caches, token -> all(pods, pod -> nodes.join(pod.ip(), token, map, joining)));
    }

    private static Joining.Peer peer(Names names, Member member) {
        return new Joining.Peer(
                member.id().toString(), member.name(), names.host(member.name()), Names.PEER_PORT, Names.HTTP_PORT);
    }

    private Done publish(Wanted wanted, Caches caches, Observed observed, List<PodView> pods) {
        ChainedMap map = observed.stored().orElseThrow();
        return withToken(wanted, caches, token -> all(pods, pod -> nodes.publish(pod.ip(), token, map)));
    }

    private interface Call {
        NodeAnswer at(PodView pod);
    }

    private static Done all(List<PodView> pods, Call call) {
        var failures = new ArrayList<String>();
        for (PodView pod : pods) {
            switch (call.at(pod)) {
                case NodeAnswer.Done() -> {}
                case NodeAnswer.Refused(String why) -> failures.add(pod.name() + " refused: " + why);
                case NodeAnswer.Unreachable(String why) -> failures.add(pod.name() + " did not answer: " + why);
            }
        }
        return failures.isEmpty() ? new Done.Changed() : new Done.Held(String.join("; ", failures));
    }

    private static Done withToken(Wanted wanted, Caches caches, Function<String, Done> call) {
        String lines = DesiredObjects.secretLines(caches, wanted.names()).orElse("");
        try {
            return call.apply(ClusterSecret.parse(lines).bearerToken());
        } catch (IllegalArgumentException e) {
            return new Done.Held("the Secret " + wanted.names().secret() + " cannot be used, '" + Names.SECRET_KEY
                    + "': " + e.getMessage() + "; correct it, or delete it and a new one is made");
        }
    }

    /**
     * The pods are read anew, for a cache that is a moment behind has stopped two replicas of one partition elsewhere; and the deletion is of
     * the very version that was read, so that a pod which was made again meanwhile stays.
     */
    private Done delete(Wanted wanted, ClusterStep.DeletePod step) {
        List<Pod> live = client.pods()
                .inNamespace(wanted.names().namespace())
                .withLabels(wanted.names().selector())
                .list()
                .getItems();
        Optional<Pod> target = live.stream()
                .filter(pod -> pod.getMetadata().getUid().equals(step.pod().uid()))
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst();
        if (target.isEmpty()) {
            return new Done.Held(step.pod().name() + " is gone already");
        }
        Optional<String> reason = step.gated() ? whyNotNow(wanted, live) : Optional.empty();
        if (reason.isPresent()) {
            return new Done.Held(reason.get());
        }
        client.resource(target.get())
                .lockResourceVersion(target.get().getMetadata().getResourceVersion())
                .delete();
        return new Done.Changed();
    }

    private Optional<String> whyNotNow(Wanted wanted, List<Pod> live) {
        long whole = live.stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(Pods::isReady)
                .count();
        if (whole < wanted.replicas()) {
            return Optional.of("only " + whole + " of " + wanted.replicas() + " pods are ready");
        }
        List<String> reasons = reasonsNotToStop(live);
        return reasons.isEmpty() ? Optional.empty() : Optional.of("not safe yet: " + String.join("; ", reasons));
    }

    /** All members are asked: each knows its own partitions. */
    private List<String> reasonsNotToStop(List<Pod> live) {
        return live.parallelStream()
                .flatMap(pod -> nodes.reasonsNotToStop(pod.getStatus().getPodIP()).stream()
                        .map(reason -> pod.getMetadata().getName() + ": " + reason))
                .collect(Collectors.toList());
    }

    private Done grow(Wanted wanted, List<String> claims) {
        for (String name : claims) {
            client.persistentVolumeClaims()
                    .inNamespace(wanted.names().namespace())
                    .withName(name)
                    .edit(claim -> {
                        claim.getSpec()
                                .getResources()
                                .getRequests()
                                .put("storage", wanted.storage().size());
                        return claim;
                    });
        }
        return new Done.Changed();
    }

    /** Its pods stay, and are taken over by the next one of the same name. */
    private Done orphan(Wanted wanted) {
        client.apps()
                .statefulSets()
                .inNamespace(wanted.names().namespace())
                .withName(wanted.names().statefulSet())
                .withPropagationPolicy(DeletionPropagation.ORPHAN)
                .delete();
        return new Done.Changed();
    }
}
