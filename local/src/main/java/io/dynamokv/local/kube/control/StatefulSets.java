package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Deletion;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Keeps the pods of StatefulSets, with the rules of Kubernetes: with OnDelete a pod that is made is of the newest revision; with RollingUpdate
 * one that is made before the update came to it is of the old one, which is how a broken update stays stuck (kubernetes#67250).
 */
public final class StatefulSets implements Controller {
    static final WriteOptions AGENT = WriteOptions.of("statefulset-controller");

    private final Api api;
    private final Revisions revisions;

    public StatefulSets(Api api) {
        this.api = api;
        revisions = new Revisions(api);
    }

    @Override
    public void pass() {
        for (ObjectNode set : api.list(BuiltIn.STATEFUL_SET)) {
            if (!Meta.isDeleting(set)) {
                pass(set);
            }
        }
    }

    private void pass(ObjectNode set) {
        String update = revisions.keep(set);
        String current = Optional.of(set.path("status").path("currentRevision").asText(""))
                .filter(revision -> !revision.isEmpty())
                .orElse(update);
        Map<Integer, ObjectNode> pods = pods(set);
        claims(set);
        if (create(set, pods, current, update)) {
            remove(set, pods);
            roll(set, pods, update);
        }
        status(set, current, update);
    }

    /** By ordinal; pods without an owner that are the set's by labels and name become its own. */
    private Map<Integer, ObjectNode> pods(ObjectNode set) {
        Map<Integer, ObjectNode> pods = new HashMap<>();
        Selector selector = Selector.ofObject(set.path("spec").path("selector"));
        for (ObjectNode pod :
                api.list(BuiltIn.POD, Meta.namespace(set), selector).items()) {
            Optional<Integer> ordinal = ordinal(set, pod);
            boolean free = Meta.controller(pod).isEmpty() && !Meta.isDeleting(pod);
            if (ordinal.isPresent() && free) {
                Meta.of(pod).putArray("ownerReferences").add(Meta.ownerReference(BuiltIn.STATEFUL_SET, set, true));
                api.update(Target.of(BuiltIn.POD, Meta.namespace(pod), Meta.name(pod)), pod, AGENT);
            }
            if (ordinal.isPresent() && Meta.isControlledBy(pod, set)) {
                pods.put(ordinal.get(), pod);
            }
        }
        return pods;
    }

    private static Optional<Integer> ordinal(JsonNode set, JsonNode pod) {
        String prefix = Meta.name(set) + "-";
        String name = Meta.name(pod);
        String number = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return number.matches("\\d{1,6}") ? Optional.of(Integer.parseInt(number)) : Optional.empty();
    }

    private static int replicas(JsonNode set) {
        return set.path("spec").path("replicas").asInt();
    }

    private static boolean isParallel(JsonNode set) {
        return set.path("spec").path("podManagementPolicy").asText().equals("Parallel");
    }

    /** With {@code whenDeleted: Delete} a claim is owned by the set, and goes with it. */
    private void claims(ObjectNode set) {
        boolean goes = set.at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted")
                .asText()
                .equals("Delete");
        for (int ordinal = 0; ordinal < replicas(set); ordinal++) {
            for (ObjectNode wanted : StatefulPod.claims(set, ordinal)) {
                Optional<ObjectNode> found = api.find(BuiltIn.CLAIM, Meta.namespace(set), Meta.name(wanted));
                if (found.isEmpty()) {
                    own(set, wanted, goes);
                    api.create(BuiltIn.CLAIM, Meta.namespace(set), wanted, AGENT);
                } else if (own(set, found.get(), goes)) {
                    api.update(Target.of(BuiltIn.CLAIM, Meta.namespace(set), Meta.name(wanted)), found.get(), AGENT);
                }
            }
        }
    }

    /** @return whether that changed the claim */
    private static boolean own(ObjectNode set, ObjectNode claim, boolean owned) {
        JsonNode owner = claim.path("metadata").path("ownerReferences").path(0);
        boolean mine = owner.path("uid").asText().equals(Meta.uid(set));
        if (owned && !mine) {
            Meta.of(claim).putArray("ownerReferences").add(Meta.ownerReference(BuiltIn.STATEFUL_SET, set, false));
        } else if (!owned && mine) {
            Meta.of(claim).remove("ownerReferences");
        }
        return owned != mine;
    }

    /** @return whether all are there */
    private boolean create(ObjectNode set, Map<Integer, ObjectNode> pods, String current, String update) {
        boolean complete = true;
        for (int ordinal = 0; ordinal < replicas(set); ordinal++) {
            ObjectNode pod = pods.get(ordinal);
            if (pod == null) {
                String revision = isUpdated(set, ordinal) ? update : current;
                ObjectNode made = StatefulPod.of(set, revisions.template(set, revision), ordinal, revision);
                pods.put(ordinal, api.create(BuiltIn.POD, Meta.namespace(set), made, AGENT));
                complete = false;
            } else if (isOver(pod)) {
                delete(pod);
                complete = false;
            }
            boolean waits = !isParallel(set) && !(pod != null && Pods.isReady(pod) && !Meta.isDeleting(pod));
            if (waits) {
                return false;
            }
        }
        return complete;
    }

    private static boolean isOver(JsonNode pod) {
        String phase = pod.path("status").path("phase").asText();
        return phase.equals("Failed") || phase.equals("Succeeded");
    }

    /** Whether a pod that is made now is of the newest revision. */
    private static boolean isUpdated(JsonNode set, int ordinal) {
        JsonNode strategy = set.path("spec").path("updateStrategy");
        if (!strategy.path("type").asText().equals("RollingUpdate")) {
            return true;
        }
        int partition = strategy.path("rollingUpdate").path("partition").asInt();
        return partition == 0
                ? ordinal >= set.path("status").path("currentReplicas").asInt()
                : ordinal >= partition;
    }

    private void remove(ObjectNode set, Map<Integer, ObjectNode> pods) {
        List<Integer> condemned = pods.keySet().stream()
                .filter(ordinal -> ordinal >= replicas(set))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (int ordinal :
                isParallel(set) ? condemned : condemned.stream().limit(1).toList()) {
            Optional.ofNullable(pods.get(ordinal)).ifPresent(this::delete);
        }
    }

    /** One pod at a time, the highest ordinal first, each after all above it are ready. */
    private void roll(ObjectNode set, Map<Integer, ObjectNode> pods, String update) {
        JsonNode strategy = set.path("spec").path("updateStrategy");
        if (!strategy.path("type").asText().equals("RollingUpdate")) {
            return;
        }
        int partition = strategy.path("rollingUpdate").path("partition").asInt();
        for (int ordinal = replicas(set) - 1; ordinal >= partition; ordinal--) {
            ObjectNode pod = pods.get(ordinal);
            if (pod == null || Meta.isDeleting(pod)) {
                return;
            }
            if (!revision(pod).equals(update)) {
                delete(pod);
                return;
            }
            if (!Pods.isReady(pod)) {
                return;
            }
        }
    }

    private static String revision(JsonNode pod) {
        return Meta.label(pod, StatefulPod.REVISION);
    }

    private void delete(ObjectNode pod) {
        if (!Meta.isDeleting(pod)) {
            var sameOnly = new Deletion(Deletion.Propagation.BACKGROUND, Optional.empty(), Meta.uid(pod), "");
            api.delete(Target.of(BuiltIn.POD, Meta.namespace(pod), Meta.name(pod)), sameOnly, AGENT);
        }
    }

    private void status(ObjectNode set, String current, String update) {
        List<ObjectNode> pods = new ArrayList<>(pods(set).values());
        int ready = count(pods, pod -> Pods.isReady(pod) && !Meta.isDeleting(pod));
        int updated = count(pods, pod -> revision(pod).equals(update) && !Meta.isDeleting(pod));
        boolean rolling = set.at("/spec/updateStrategy/type").asText().equals("RollingUpdate");
        boolean done = rolling && updated == replicas(set) && ready == replicas(set);
        String settled = done ? update : current;
        ObjectNode status = set.withObjectProperty("status");
        status.put("observedGeneration", Meta.generation(set)).put("replicas", pods.size());
        status.put("readyReplicas", ready).put("availableReplicas", ready);
        status.put("currentReplicas", count(pods, pod -> revision(pod).equals(settled) && !Meta.isDeleting(pod)));
        status.put("updatedReplicas", updated).put("currentRevision", settled).put("updateRevision", update);
        status.put("collisionCount", 0);
        api.update(Target.status(BuiltIn.STATEFUL_SET, Meta.namespace(set), Meta.name(set)), set, AGENT);
    }

    private static int count(List<ObjectNode> pods, Predicate<ObjectNode> which) {
        return (int) pods.stream().filter(which).count();
    }
}
