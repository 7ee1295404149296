package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a server fills into the specification of a pod. */
final class PodDefaults {
    private PodDefaults() {}

    static void set(ObjectNode pod) {
        putIfAbsent(pod, "restartPolicy", "Always");
        putIfAbsent(pod, "terminationGracePeriodSeconds", 30);
        putIfAbsent(pod, "dnsPolicy", "ClusterFirst");
        putIfAbsent(pod, "schedulerName", "default-scheduler");
        pod.withObjectProperty("securityContext");
        if (pod.has("serviceAccountName")) {
            putIfAbsent(pod, "serviceAccount", pod.path("serviceAccountName").asText());
        }
        for (String containers : List.of("initContainers", "containers")) {
            pod.path(containers).forEach(PodDefaults::container);
        }
        pod.path("volumes").forEach(PodDefaults::volume);
    }

    private static void container(JsonNode node) {
        if (!(node instanceof ObjectNode container)) {
            return;
        }
        putIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
        putIfAbsent(container, "terminationMessagePolicy", "File");
        String image = container.path("image").asText();
        String tag = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !tag.contains(":") || tag.endsWith(":latest");
        putIfAbsent(container, "imagePullPolicy", latest ? "Always" : "IfNotPresent");
        requestsOfLimits(container.withObjectProperty("resources"));
        for (JsonNode port : container.path("ports")) {
            putIfAbsent((ObjectNode) port, "protocol", "TCP");
        }
        for (JsonNode variable : container.path("env")) {
            if (variable.path("valueFrom").get("fieldRef") instanceof ObjectNode reference) {
                putIfAbsent(reference, "apiVersion", "v1");
            }
        }
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            if (container.get(probe) instanceof ObjectNode present) {
                probe(present);
            }
        }
    }

    private static void requestsOfLimits(ObjectNode resources) {
        resources.path("limits").properties().forEach(limit -> {
            ObjectNode requests = resources.withObjectProperty("requests");
            if (!requests.has(limit.getKey())) {
                requests.set(limit.getKey(), limit.getValue());
            }
        });
    }

    private static void probe(ObjectNode probe) {
        putIfAbsent(probe, "timeoutSeconds", 1);
        putIfAbsent(probe, "periodSeconds", 10);
        putIfAbsent(probe, "successThreshold", 1);
        putIfAbsent(probe, "failureThreshold", 3);
        if (probe.get("httpGet") instanceof ObjectNode get) {
            putIfAbsent(get, "scheme", "HTTP");
            putIfAbsent(get, "path", "/");
        }
    }

    private static void volume(JsonNode volume) {
        for (String source : List.of("secret", "configMap", "projected")) {
            if (volume.get(source) instanceof ObjectNode present) {
                putIfAbsent(present, "defaultMode", 420);
            }
        }
    }

    static void putIfAbsent(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    static void putIfAbsent(ObjectNode object, String field, int value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }
}
