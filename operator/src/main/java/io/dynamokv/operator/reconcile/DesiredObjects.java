package io.dynamokv.operator.reconcile;

import io.dynamokv.operator.desired.DesiredAccess;
import io.dynamokv.operator.desired.DesiredData;
import io.dynamokv.operator.desired.DesiredServices;
import io.dynamokv.operator.desired.DesiredStatefulSet;
import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.observe.Caches;
import io.dynamokv.operator.observe.Desired;
import io.dynamokv.operator.observe.Pods;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** All objects of a cluster but the map, which has rules of its own. */
final class DesiredObjects {
    private DesiredObjects() {}

    /** @param freshSecret for a cluster that has none; one that is there stays */
    static Desired of(Wanted wanted, Caches caches, String freshSecret) {
        var present = new ArrayList<HasMetadata>();
        var absent = new ArrayList<HasMetadata>();
        String lines = secretLines(caches, wanted.names()).orElse(freshSecret);
        present.add(DesiredData.secret(wanted, lines));
        present.add(DesiredServices.peers(wanted));
        present.add(DesiredServices.clients(wanted));
        present.add(DesiredData.disruptionBudget(wanted, mayGo(wanted, caches)));
        DesiredAccess.networkPolicy(wanted)
                .ifPresentOrElse(
                        present::add,
                        () -> absent.add(new NetworkPolicyBuilder()
                                .withMetadata(named(wanted, wanted.names().networkPolicy()))
                                .build()));
        DesiredAccess.ingress(wanted)
                .ifPresentOrElse(
                        present::add,
                        () -> absent.add(new IngressBuilder()
                                .withMetadata(named(wanted, wanted.names().ingress()))
                                .build()));
        present.add(DesiredStatefulSet.of(wanted));
        return new Desired(present, absent);
    }

    private static ObjectMeta named(Wanted wanted, String name) {
        return new ObjectMetaBuilder()
                .withNamespace(wanted.names().namespace())
                .withName(name)
                .build();
    }

    static Optional<String> secretLines(Caches caches, Names names) {
        Secret secret = caches.get(Secret.class, names.secret());
        return Optional.ofNullable(secret)
                .map(Secret::getData)
                .map(data -> data.get(Names.SECRET_KEY))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }

    /** One pod may be evicted while all are there, ready and of the newest template. */
    private static boolean mayGo(Wanted wanted, Caches caches) {
        StatefulSet set = caches.get(StatefulSet.class, wanted.names().statefulSet());
        if (set == null || set.getStatus() == null) {
            return false;
        }
        String newest = Objects.requireNonNullElse(set.getStatus().getUpdateRevision(), "");
        List<Pod> pods = caches.all(Pod.class);
        return pods.size() == wanted.replicas()
                && pods.stream().allMatch(pod -> isWhole(pod) && revision(pod).equals(newest));
    }

    private static String revision(Pod pod) {
        Map<String, String> labels = pod.getMetadata().getLabels();
        return labels.getOrDefault(Names.REVISION_LABEL, "");
    }

    private static boolean isWhole(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null && Pods.isReady(pod);
    }
}
