package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.schema.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes of built-in objects that a server refuses, in its words. */
final class Immutables {
    private static final List<String> STATEFUL_SET = List.of(
            "replicas",
            "ordinals",
            "template",
            "updateStrategy",
            "revisionHistoryLimit",
            "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds");

    private Immutables() {}

    static List<String> problems(Kind kind, ObjectNode object, ObjectNode old) {
        List<String> problems = new ArrayList<>();
        switch (kind.resource()) {
            case "statefulsets.apps" -> statefulSet(object, old, problems);
            case "services" -> service(object, old, problems);
            case "persistentvolumeclaims" -> claim(object, old, problems);
            case "pods" -> pod(object, old, problems);
            case "configmaps", "secrets" -> content(kind, object, old, problems);
            default -> {}
        }
        return problems;
    }

    private static void statefulSet(ObjectNode object, ObjectNode old, List<String> problems) {
        if (!without(object, STATEFUL_SET).equals(without(old, STATEFUL_SET))) {
            problems.add("spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                    + " 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and"
                    + " 'minReadySeconds' are forbidden");
        }
    }

    private static void service(ObjectNode object, ObjectNode old, List<String> problems) {
        JsonNode address = object.path("spec").path("clusterIP");
        if (!address.equals(old.path("spec").path("clusterIP"))) {
            problems.add("spec.clusterIPs[0]: Invalid value: [" + address + "]: may not change once set");
        }
    }

    private static void claim(ObjectNode object, ObjectNode old, List<String> problems) {
        List<String> mutable = List.of("resources", "volumeName");
        if (!without(object, mutable).equals(without(old, mutable))) {
            problems.add("spec: Forbidden: spec is immutable after creation except resources.requests and"
                    + " volumeAttributesClassName for bound claims");
        }
        Optional<Quantity> size = size(object);
        Optional<Quantity> before = size(old);
        if (size.isPresent() && before.isPresent() && size.get().compareTo(before.get()) < 0) {
            problems.add("spec.resources.requests.storage: Forbidden: field can not be less than status.capacity");
        }
    }

    private static Optional<Quantity> size(ObjectNode claim) {
        return Quantity.parse(claim.at("/spec/resources/requests/storage").asText());
    }

    private static void pod(ObjectNode object, ObjectNode old, List<String> problems) {
        List<String> mutable = List.of(
                "containers", "nodeName", "tolerations", "activeDeadlineSeconds", "terminationGracePeriodSeconds");
        if (!without(object, mutable).equals(without(old, mutable))) {
            problems.add("spec: Forbidden: pod updates may not change fields other than"
                    + " `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
                    + "`spec.tolerations` (only additions to existing tolerations),"
                    + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)");
        }
    }

    private static void content(Kind kind, ObjectNode object, ObjectNode old, List<String> problems) {
        for (String field : List.of("data", "binaryData")) {
            if (old.path("immutable").asBoolean() && !object.path(field).equals(old.path(field))) {
                problems.add(field + ": Forbidden: field is immutable when `immutable` is set");
            }
        }
        boolean retyped = kind.name().equals("Secret") && !object.path("type").equals(old.path("type"));
        if (retyped) {
            problems.add("type: Invalid value: " + object.path("type") + ": field is immutable");
        }
    }

    private static ObjectNode without(ObjectNode object, List<String> fields) {
        return object.path("spec") instanceof ObjectNode spec ? spec.deepCopy().remove(fields) : object.objectNode();
    }
}
