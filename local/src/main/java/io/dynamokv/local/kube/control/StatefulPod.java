package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.util.ArrayList;
import java.util.List;

/** The pod of an ordinal and its claims, as functions of the set. */
final class StatefulPod {
    static final String REVISION = "controller-revision-hash";

    private StatefulPod() {}

    private static String name(JsonNode set, int ordinal) {
        return Meta.name(set) + "-" + ordinal;
    }

    static ObjectNode of(ObjectNode set, JsonNode template, int ordinal, String revision) {
        String name = name(set, ordinal);
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = pod.putObject("metadata").put("name", name).put("namespace", Meta.namespace(set));
        for (String field : List.of("labels", "annotations")) {
            JsonNode given = template.path("metadata").path(field);
            if (given.isObject()) {
                metadata.set(field, given.deepCopy());
            }
        }
        metadata.withObjectProperty("labels")
                .put(REVISION, revision)
                .put("statefulset.kubernetes.io/pod-name", name)
                .put("apps.kubernetes.io/pod-index", Integer.toString(ordinal));
        metadata.putArray("ownerReferences").add(Meta.ownerReference(BuiltIn.STATEFUL_SET, set, true));
        ObjectNode spec = (ObjectNode) template.path("spec").deepCopy();
        spec.put("hostname", name);
        spec.put("subdomain", set.path("spec").path("serviceName").asText());
        mountClaims(spec, set, ordinal);
        pod.set("spec", spec);
        return pod;
    }

    private static void mountClaims(ObjectNode spec, ObjectNode set, int ordinal) {
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        for (JsonNode claim : set.path("spec").path("volumeClaimTemplates")) {
            ObjectNode volume = volumes.addObject().put("name", Meta.name(claim));
            volume.putObject("persistentVolumeClaim").put("claimName", Meta.name(claim) + "-" + name(set, ordinal));
        }
        spec.path("volumes").forEach(volumes::add);
        spec.set("volumes", volumes);
    }

    static List<ObjectNode> claims(ObjectNode set, int ordinal) {
        List<ObjectNode> claims = new ArrayList<>();
        for (JsonNode template : set.path("spec").path("volumeClaimTemplates")) {
            ObjectNode claim = template.deepCopy();
            claim.remove("status");
            ObjectNode metadata = Meta.of(claim);
            metadata.put("name", Meta.name(template) + "-" + name(set, ordinal));
            metadata.put("namespace", Meta.namespace(set));
            set.path("spec")
                    .path("selector")
                    .path("matchLabels")
                    .properties()
                    .forEach(label -> metadata.withObjectProperty("labels").set(label.getKey(), label.getValue()));
            claims.add(claim);
        }
        return claims;
    }
}
