package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dynamokv.local.kube.object.ApiException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Bodies of requests: JSON, YAML, and the protobuf that kubectl and Helm send for some kinds. */
final class Bodies {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private Bodies() {}

    /** A missing node if there is none. */
    static JsonNode read(String contentType, Buffer body) {
        byte[] bytes = body.getBytes();
        if (bytes.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            if (Protobuf.is(bytes)) {
                return Protobuf.decode(bytes);
            }
            return contentType.contains("yaml") ? YAML.readTree(bytes) : JSON.readTree(bytes);
        } catch (IOException e) {
            throw ApiException.badRequest("the body cannot be read: " + e.getMessage());
        }
    }

    static ObjectNode object(JsonNode body) {
        if (body instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the body is no object");
    }
}
