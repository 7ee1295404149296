package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Meta;
import java.util.LinkedHashMap;
import java.util.Map;

/** A pod's status as a function of its last one and of how its container does. */
final class PodStatus {
    /**
     * How the container does.
     *
     * @param state {@code running}, {@code waiting} or {@code terminated} with its details
     * @param lastState of the run before; empty if there was none
     */
    record ContainerState(
            ObjectNode state, ObjectNode lastState, boolean running, boolean started, boolean ready, int restarts) {}

    private PodStatus() {}

    static ObjectNode of(ObjectNode pod, String address, ContainerState container) {
        ObjectNode old = pod.withObjectProperty("status");
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        boolean everRan = container.running || container.restarts > 0;
        status.put("phase", everRan ? "Running" : "Pending");
        Map<String, Boolean> conditions = new LinkedHashMap<>();
        conditions.put("PodScheduled", true);
        conditions.put("Initialized", true);
        conditions.put("ContainersReady", container.ready);
        conditions.put("Ready", container.ready);
        ArrayNode list = status.putArray("conditions");
        conditions.forEach((type, value) -> list.add(condition(old, type, value)));
        status.put("hostIP", "127.0.0.1").put("podIP", address);
        status.putArray("podIPs").addObject().put("ip", address);
        status.set("startTime", old.has("startTime") ? old.get("startTime") : status.textNode(Meta.now()));
        status.put("qosClass", "Burstable");
        containerStatus(status.putArray("containerStatuses").addObject(), pod, container);
        return status;
    }

    private static ObjectNode condition(JsonNode old, String type, boolean holds) {
        String value = holds ? "True" : "False";
        for (JsonNode before : old.path("conditions")) {
            if (before.path("type").asText().equals(type)
                    && before.path("status").asText().equals(value)) {
                return before.deepCopy();
            }
        }
        ObjectNode condition = JsonNodeFactory.instance.objectNode();
        condition.put("type", type).put("status", value).put("lastTransitionTime", Meta.now());
        return holds
                ? condition
                : condition.put("reason", "ContainersNotReady").put("message", "containers with unready status");
    }

    private static void containerStatus(ObjectNode status, JsonNode pod, ContainerState container) {
        JsonNode spec = pod.path("spec").path("containers").path(0);
        String image = spec.path("image").asText();
        status.put("name", spec.path("name").asText()).put("image", image);
        status.put("imageID", container.running ? "local/" + image : "");
        status.put("ready", container.ready).put("started", container.started);
        status.put("restartCount", container.restarts);
        status.set("state", container.state);
        status.set("lastState", container.lastState);
    }

    static ObjectNode waiting(String reason, String message) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.putObject("waiting").put("reason", reason).put("message", message);
        return state;
    }

    static ObjectNode running(String since) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.putObject("running").put("startedAt", since);
        return state;
    }

    static ObjectNode terminated(int exitCode, String since) {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        state.putObject("terminated")
                .put("exitCode", exitCode)
                .put("reason", exitCode == 0 ? "Completed" : "Error")
                .put("startedAt", since)
                .put("finishedAt", Meta.now());
        return state;
    }
}
