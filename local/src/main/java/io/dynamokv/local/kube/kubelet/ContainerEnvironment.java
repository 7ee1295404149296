package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A container's environment, with references resolved. */
final class ContainerEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

    private final Api api;
    private final JsonNode pod;
    private final String address;

    ContainerEnvironment(Api api, JsonNode pod, String address) {
        this.api = api;
        this.pod = pod;
        this.address = address;
    }

    Map<String, String> of(JsonNode container) throws NotReadyException {
        Map<String, String> environment = new LinkedHashMap<>();
        for (JsonNode variable : container.path("env")) {
            String value = variable.has("valueFrom")
                    ? referenced(variable.path("valueFrom"))
                    : expanded(variable.path("value").asText(""), environment);
            environment.put(variable.path("name").asText(), value);
        }
        return environment;
    }

    /** Those that are not known stay as they are, as in Kubernetes. */
    private static String expanded(String value, Map<String, String> environment) {
        return REFERENCE
                .matcher(value)
                .replaceAll(match -> Matcher.quoteReplacement(environment.getOrDefault(match.group(1), match.group())));
    }

    private String referenced(JsonNode source) throws NotReadyException {
        if (source.has("fieldRef")) {
            return field(source.path("fieldRef").path("fieldPath").asText());
        }
        boolean secret = source.has("secretKeyRef");
        JsonNode reference = source.path(secret ? "secretKeyRef" : "configMapKeyRef");
        String name = reference.path("name").asText();
        JsonNode value = api.find(secret ? BuiltIn.SECRET : BuiltIn.CONFIG_MAP, Meta.namespace(pod), name)
                .map(found -> found.path("data").path(reference.path("key").asText()))
                .filter(JsonNode::isTextual)
                .orElseThrow(() -> new NotReadyException(
                        "CreateContainerConfigError",
                        "couldn't find key " + reference.path("key").asText() + " in " + name));
        return secret ? new String(Base64.getDecoder().decode(value.asText()), StandardCharsets.UTF_8) : value.asText();
    }

    private String field(String path) throws NotReadyException {
        return switch (path) {
            case "status.podIP" -> address;
            case "status.hostIP" -> "127.0.0.1";
            case "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName" ->
                pod.at("/" + path.replace('.', '/')).asText();
            default -> throw new NotReadyException("CreateContainerConfigError", "fieldPath not supported: " + path);
        };
    }
}
