package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' protobuf of the few kinds that kubectl create and Helm send so. Every other kind is answered with 415, after which clients take
 * JSON.
 */
final class Protobuf {
    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int WIRE_VARINT = 0;
    private static final int WIRE_FIXED64 = 1;
    private static final int WIRE_BYTES = 2;
    private static final int WIRE_FIXED32 = 5;

    private enum Type {
        TEXT,
        FLAG,
        NUMBER,
        TEXTS,
        TEXT_MAP,
        BYTES_MAP,
        METADATA
    }

    private record Field(String name, Type type) {}

    private static final Map<Integer, Field> METADATA = Map.of(
            1, new Field("name", Type.TEXT),
            2, new Field("generateName", Type.TEXT),
            3, new Field("namespace", Type.TEXT),
            5, new Field("uid", Type.TEXT),
            6, new Field("resourceVersion", Type.TEXT),
            11, new Field("labels", Type.TEXT_MAP),
            12, new Field("annotations", Type.TEXT_MAP),
            14, new Field("finalizers", Type.TEXTS));
    private static final Field OWN_METADATA = new Field("metadata", Type.METADATA);
    private static final Map<String, Map<Integer, Field>> MESSAGES = Map.of(
            "Secret",
                    Map.of(
                            1, OWN_METADATA,
                            2, new Field("data", Type.BYTES_MAP),
                            3, new Field("type", Type.TEXT),
                            4, new Field("stringData", Type.TEXT_MAP),
                            5, new Field("immutable", Type.FLAG)),
            "ConfigMap",
                    Map.of(
                            1, OWN_METADATA,
                            2, new Field("data", Type.TEXT_MAP),
                            3, new Field("binaryData", Type.BYTES_MAP),
                            4, new Field("immutable", Type.FLAG)),
            "Namespace", Map.of(1, OWN_METADATA),
            "ServiceAccount", Map.of(1, OWN_METADATA),
            "DeleteOptions",
                    Map.of(
                            1,
                            new Field("gracePeriodSeconds", Type.NUMBER),
                            4,
                            new Field("propagationPolicy", Type.TEXT)));

    private final byte[] bytes;
    private int at;

    private Protobuf(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    static boolean is(byte[] body) {
        return body.length > MAGIC.length && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    static ObjectNode decode(byte[] body) {
        try {
            return new Protobuf(body, MAGIC.length).envelope();
        } catch (IndexOutOfBoundsException e) {
            throw ApiException.badRequest("the protobuf body ends too early");
        }
    }

    /** {@code Unknown {typeMeta = 1 {apiVersion = 1, kind = 2}, raw = 2}}. */
    private ObjectNode envelope() {
        String apiVersion = "";
        String kind = "";
        byte[] raw = {};
        while (at < bytes.length) {
            int field = (int) varint() >> 3;
            byte[] value = bytes();
            if (field == 1) {
                var type = new Protobuf(value, 0);
                while (type.at < value.length) {
                    int part = (int) type.varint() >> 3;
                    String text = new String(type.bytes(), StandardCharsets.UTF_8);
                    apiVersion = part == 1 ? text : apiVersion;
                    kind = part == 2 ? text : kind;
                }
            } else if (field == 2) {
                raw = value;
            }
        }
        Map<Integer, Field> message = MESSAGES.get(kind);
        if (message == null) {
            throw new ApiException(415, "UnsupportedMediaType", "protobuf is not understood for " + kind);
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", apiVersion).put("kind", kind);
        new Protobuf(raw, 0).message(message, object);
        return object;
    }

    private void message(Map<Integer, Field> fields, ObjectNode object) {
        while (at < bytes.length) {
            int tag = (int) varint();
            Field field = fields.get(tag >> 3);
            switch (tag & 7) {
                case WIRE_VARINT -> number(field, varint(), object);
                case WIRE_BYTES -> value(field, bytes(), object);
                case WIRE_FIXED64 -> at += Long.BYTES;
                case WIRE_FIXED32 -> at += Integer.BYTES;
                default -> throw ApiException.badRequest("the protobuf body has an unknown wire type");
            }
        }
    }

    private static void number(@Nullable Field field, long value, ObjectNode object) {
        if (field != null && field.type == Type.FLAG) {
            object.put(field.name, value != 0);
        } else if (field != null) {
            object.put(field.name, value);
        }
    }

    private static void value(@Nullable Field field, byte[] value, ObjectNode object) {
        if (field == null) {
            return;
        }
        String text = new String(value, StandardCharsets.UTF_8);
        switch (field.type) {
            case TEXT -> {
                if (!text.isEmpty()) {
                    object.put(field.name, text);
                }
            }
            case TEXTS -> object.withArrayProperty(field.name).add(text);
            case METADATA -> new Protobuf(value, 0).message(METADATA, object.withObjectProperty(field.name));
            case TEXT_MAP, BYTES_MAP -> new Protobuf(value, 0).entry(field, object.withObjectProperty(field.name));
            case FLAG, NUMBER -> throw ApiException.badRequest("the protobuf body has bytes for " + field.name);
        }
    }

    private void entry(Field field, ObjectNode map) {
        String key = "";
        byte[] value = {};
        while (at < bytes.length) {
            int part = (int) varint() >> 3;
            byte[] found = bytes();
            if (part == 1) {
                key = new String(found, StandardCharsets.UTF_8);
            } else {
                value = found;
            }
        }
        map.put(
                key,
                field.type == Type.BYTES_MAP
                        ? Base64.getEncoder().encodeToString(value)
                        : new String(value, StandardCharsets.UTF_8));
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private byte[] bytes() {
        int length = (int) varint();
        if (length < 0 || length > bytes.length - at) {
            throw ApiException.badRequest("the protobuf body ends too early");
        }
        byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return value;
    }
}
