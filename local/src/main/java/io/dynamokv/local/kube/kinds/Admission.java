package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What happens to an object on its way in: the server's defaults, and whether it is taken at all. */
public final class Admission {
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final int NAME_LENGTH_MAX = 253;

    private final Kinds kinds;

    public Admission(Kinds kinds) {
        this.kinds = kinds;
    }

    /**
     * Changes the object to what is stored.
     *
     * @param strict whether fields that nobody knows are an error, as kubectl wants it
     */
    public void admit(Kind kind, ObjectNode object, Optional<ObjectNode> old, boolean strict) {
        requireName(kind, object);
        Optional<CustomKind> custom = kinds.custom(kind);
        List<String> problems = new ArrayList<>();
        if (custom.isPresent()) {
            problems.addAll(admitCustom(custom.get(), object, old, strict));
        } else {
            Defaults.set(kind, object, old);
            required(kind, object, problems);
            old.ifPresent(before -> problems.addAll(Immutables.problems(kind, object, before)));
        }
        if (kind.equals(BuiltIn.CUSTOM_RESOURCE)) {
            Kinds.read(object);
            establish(object);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(kind, Meta.name(object), problems);
        }
    }

    private static List<String> admitCustom(
            CustomKind custom, ObjectNode object, Optional<ObjectNode> old, boolean strict) {
        List<String> unknown = custom.schema().prune(object);
        if (strict && !unknown.isEmpty()) {
            throw ApiException.badRequest(custom.kind().name() + " in version \""
                    + custom.kind().version() + "\" cannot be handled as a "
                    + custom.kind().name()
                    + ": strict decoding error: "
                    + String.join(
                            ", ",
                            unknown.stream()
                                    .map(field -> "unknown field \"" + field + "\"")
                                    .toList()));
        }
        custom.schema().setDefaults(object);
        return custom.schema().validate(object, old);
    }

    private static void requireName(Kind kind, ObjectNode object) {
        String name = Meta.name(object);
        boolean lenient = kind.group().equals("rbac.authorization.k8s.io");
        if (name.length() > NAME_LENGTH_MAX
                || (!lenient && !DNS_NAME.matcher(name).matches())) {
            throw ApiException.invalid(
                    kind,
                    name,
                    List.of("metadata.name: Invalid value: \"" + name
                            + "\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
                            + " or '.', and must start and end with an alphanumeric character"));
        }
    }

    private static void required(Kind kind, ObjectNode object, List<String> problems) {
        if (kind.equals(BuiltIn.STATEFUL_SET)) {
            JsonNode labels = object.at("/spec/template/metadata");
            boolean selects = !object.path("spec").path("selector").isEmpty()
                    && Selector.ofObject(object.path("spec").path("selector"))
                            .matches(object.objectNode().set("metadata", labels));
            if (!selects) {
                problems.add("spec.template.metadata.labels: Invalid value: " + labels.path("labels")
                        + ": `selector` does not match template `labels`");
            }
        }
    }

    private static void establish(ObjectNode definition) {
        ObjectNode status = definition.withObjectProperty("status");
        if (status.path("conditions").isEmpty()) {
            ArrayNode conditions = status.putArray("conditions");
            for (String type : List.of("NamesAccepted", "Established")) {
                conditions
                        .addObject()
                        .put("type", type)
                        .put("status", "True")
                        .put("reason", type.equals("Established") ? "InitialNamesAccepted" : "NoConflicts")
                        .put("lastTransitionTime", Meta.now())
                        .put("message", "");
            }
        }
        status.set("acceptedNames", definition.path("spec").path("names"));
        ArrayNode stored = status.putArray("storedVersions");
        definition.path("spec").path("versions").forEach(version -> {
            if (version.path("storage").asBoolean()) {
                stored.add(version.path("name").asText());
            }
        });
    }
}
