package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads pods. */
public final class Pods {
    private Pods() {}

    public static boolean isReady(JsonNode pod) {
        return condition(pod, "Ready");
    }

    static boolean condition(JsonNode pod, String type) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    public static String nodeName(JsonNode pod) {
        return pod.path("spec").path("nodeName").asText("");
    }

    /** The claims that it mounts. */
    public static List<String> claims(JsonNode pod) {
        List<String> claims = new ArrayList<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                claims.add(
                        volume.path("persistentVolumeClaim").path("claimName").asText());
            }
        }
        return claims;
    }
}
