package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Gives each pod a machine: the one where its volume is, else the one with the fewest pods of the same owner. */
public final class Scheduler implements Controller {
    private static final WriteOptions AGENT = WriteOptions.of("scheduler");
    private static final String SELECTED = "volume.kubernetes.io/selected-node";

    private final Api api;

    public Scheduler(Api api) {
        this.api = api;
    }

    @Override
    public void pass() {
        for (ObjectNode pod : api.list(BuiltIn.POD)) {
            if (Pods.nodeName(pod).isEmpty() && !Meta.isDeleting(pod)) {
                machine(pod).ifPresent(machine -> place(pod, machine));
            }
        }
    }

    private void place(ObjectNode pod, String machine) {
        for (ObjectNode claim : claims(pod)) {
            if (Meta.annotation(claim, SELECTED).isEmpty()) {
                Meta.of(claim).withObjectProperty("annotations").put(SELECTED, machine);
                api.update(Target.of(BuiltIn.CLAIM, Meta.namespace(claim), Meta.name(claim)), claim, AGENT);
            }
        }
        pod.withObjectProperty("spec").put("nodeName", machine);
        api.update(Target.of(BuiltIn.POD, Meta.namespace(pod), Meta.name(pod)), pod, AGENT);
    }

    private List<ObjectNode> claims(JsonNode pod) {
        return Pods.claims(pod).stream()
                .flatMap(name -> api.find(BuiltIn.CLAIM, Meta.namespace(pod), name).stream())
                .toList();
    }

    /** Empty while none can take it. */
    private Optional<String> machine(JsonNode pod) {
        List<String> usable = api.list(BuiltIn.NODE).stream()
                .filter(node -> !node.path("spec").path("unschedulable").asBoolean())
                .filter(node -> selects(pod.path("spec").path("nodeSelector"), node))
                .map(Meta::name)
                .toList();
        Optional<String> ofVolume = claims(pod).stream()
                .map(claim -> Meta.annotation(claim, SELECTED))
                .filter(machine -> !machine.isEmpty())
                .findFirst();
        if (ofVolume.isPresent()) {
            return ofVolume.filter(usable::contains);
        }
        String owner = owner(pod);
        List<ObjectNode> siblings = api.list(BuiltIn.POD).stream()
                .filter(other -> owner(other).equals(owner))
                .toList();
        return usable.stream()
                .min(Comparator.comparingLong((String machine) -> siblings.stream()
                                .filter(other -> Pods.nodeName(other).equals(machine))
                                .count())
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static boolean selects(JsonNode selector, JsonNode node) {
        return selector.properties().stream()
                .allMatch(label ->
                        Meta.label(node, label.getKey()).equals(label.getValue().asText()));
    }

    private static String owner(JsonNode pod) {
        return Meta.controller(pod).map(owner -> owner.path("uid").asText()).orElse(Meta.uid(pod));
    }
}
