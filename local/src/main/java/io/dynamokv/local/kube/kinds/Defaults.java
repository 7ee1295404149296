package io.dynamokv.local.kube.kinds;

import static io.dynamokv.local.kube.kinds.PodDefaults.putIfAbsent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What a server fills into objects of the built-in kinds, as far as a store's objects need it. Setting them again changes nothing. What a
 * client leaves out of an update and the server has chosen before stays.
 */
final class Defaults {
    private Defaults() {}

    static void set(Kind kind, ObjectNode object, Optional<ObjectNode> old) {
        switch (kind.resource()) {
            case "namespaces" -> namespace(object);
            case "pods" -> pod(object, old);
            case "services" -> service(object, old);
            case "secrets" -> secret(object);
            case "persistentvolumeclaims" -> claim(object, old);
            case "statefulsets.apps" -> statefulSet(object);
            case "deployments.apps" -> deployment(object);
            case "networkpolicies.networking.k8s.io" -> networkPolicy(object.withObjectProperty("spec"));
            case "storageclasses.storage.k8s.io" -> {
                putIfAbsent(object, "reclaimPolicy", "Delete");
                putIfAbsent(object, "volumeBindingMode", "Immediate");
            }
            default -> {}
        }
    }

    private static void namespace(ObjectNode object) {
        if (!object.has("spec")) {
            object.putObject("spec").putArray("finalizers").add("kubernetes");
        }
        Meta.of(object).withObjectProperty("labels").put("kubernetes.io/metadata.name", Meta.name(object));
        putIfAbsent(object.withObjectProperty("status"), "phase", "Active");
    }

    private static void pod(ObjectNode object, Optional<ObjectNode> old) {
        ObjectNode spec = object.withObjectProperty("spec");
        PodDefaults.set(spec);
        putIfAbsent(spec, "serviceAccountName", "default");
        putIfAbsent(spec, "serviceAccount", spec.path("serviceAccountName").asText());
        if (old.isEmpty()) {
            putIfAbsent(object.withObjectProperty("status"), "phase", "Pending");
        }
    }

    private static void service(ObjectNode object, Optional<ObjectNode> old) {
        ObjectNode spec = object.withObjectProperty("spec");
        JsonNode before = old.<JsonNode>map(service -> service.path("spec")).orElse(spec);
        putIfAbsent(spec, "type", "ClusterIP");
        putIfAbsent(spec, "sessionAffinity", "None");
        putIfAbsent(spec, "internalTrafficPolicy", "Cluster");
        putIfAbsent(spec, "ipFamilyPolicy", "SingleStack");
        if (!spec.has("ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (spec.path("clusterIP").asText("").isEmpty()) {
            String kept = before.path("clusterIP").asText("");
            spec.put("clusterIP", kept.isEmpty() ? ServiceAddresses.of(object) : kept);
        }
        if (!spec.has("clusterIPs")) {
            spec.putArray("clusterIPs").add(spec.path("clusterIP").asText());
        }
        for (JsonNode node : spec.path("ports")) {
            ObjectNode port = (ObjectNode) node;
            putIfAbsent(port, "protocol", "TCP");
            putIfAbsent(port, "targetPort", port.path("port").asInt());
        }
        if (!object.has("status")) {
            object.putObject("status").putObject("loadBalancer");
        }
    }

    private static void secret(ObjectNode object) {
        putIfAbsent(object, "type", "Opaque");
        if (object.remove("stringData") instanceof ObjectNode text) {
            ObjectNode data = object.withObjectProperty("data");
            text.properties()
                    .forEach(entry -> data.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    private static void claim(ObjectNode object, Optional<ObjectNode> old) {
        claimSpec(object.withObjectProperty("spec"));
        putIfAbsent(object.withObjectProperty("spec"), "storageClassName", "standard");
        putIfAbsent(object.withObjectProperty("status"), "phase", "Pending");
        if (old.isEmpty()) {
            Meta.addFinalizer(object, "kubernetes.io/pvc-protection");
        }
    }

    private static void claimSpec(ObjectNode spec) {
        putIfAbsent(spec, "volumeMode", "Filesystem");
    }

    private static void statefulSet(ObjectNode object) {
        ObjectNode spec = object.withObjectProperty("spec");
        putIfAbsent(spec, "replicas", 1);
        putIfAbsent(spec, "podManagementPolicy", "OrderedReady");
        putIfAbsent(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = spec.withObjectProperty("updateStrategy");
        putIfAbsent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            putIfAbsent(strategy.withObjectProperty("rollingUpdate"), "partition", 0);
        }
        ObjectNode retention = spec.withObjectProperty("persistentVolumeClaimRetentionPolicy");
        putIfAbsent(retention, "whenDeleted", "Retain");
        putIfAbsent(retention, "whenScaled", "Retain");
        template(spec);
        for (JsonNode claim : spec.path("volumeClaimTemplates")) {
            ObjectNode template = (ObjectNode) claim;
            putIfAbsent(template, "apiVersion", "v1");
            putIfAbsent(template, "kind", "PersistentVolumeClaim");
            claimSpec(template.withObjectProperty("spec"));
            putIfAbsent(template.withObjectProperty("status"), "phase", "Pending");
        }
    }

    private static void deployment(ObjectNode object) {
        ObjectNode spec = object.withObjectProperty("spec");
        putIfAbsent(spec, "replicas", 1);
        putIfAbsent(spec, "revisionHistoryLimit", 10);
        putIfAbsent(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = spec.withObjectProperty("strategy");
        putIfAbsent(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = strategy.withObjectProperty("rollingUpdate");
            putIfAbsent(rolling, "maxSurge", "25%");
            putIfAbsent(rolling, "maxUnavailable", "25%");
        }
        template(spec);
    }

    private static void template(ObjectNode spec) {
        ObjectNode template = spec.withObjectProperty("template");
        ObjectNode metadata = Meta.of(template);
        if (!metadata.has("creationTimestamp")) {
            metadata.putNull("creationTimestamp");
        }
        PodDefaults.set(template.withObjectProperty("spec"));
    }

    private static void networkPolicy(ObjectNode spec) {
        if (!spec.has("policyTypes")) {
            var types = spec.putArray("policyTypes").add("Ingress");
            if (spec.has("egress")) {
                types.add("Egress");
            }
        }
        for (String direction : List.of("ingress", "egress")) {
            for (JsonNode rule : spec.path(direction)) {
                for (JsonNode port : rule.path("ports")) {
                    putIfAbsent((ObjectNode) port, "protocol", "TCP");
                }
            }
        }
    }
}
