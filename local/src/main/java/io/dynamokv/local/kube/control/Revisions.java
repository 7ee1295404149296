package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.util.List;

/** The versions of a set's pod template, kept as ControllerRevisions. A template's revision is a function of its content. */
final class Revisions {
    private final Api api;

    Revisions(Api api) {
        this.api = api;
    }

    /** Keeps the template of now. @return its revision */
    String keep(ObjectNode set) {
        JsonNode template = set.path("spec").path("template");
        String revision = Meta.name(set) + "-"
                + Integer.toUnsignedString(template.toString().hashCode(), 36);
        var found = api.find(BuiltIn.CONTROLLER_REVISION, Meta.namespace(set), revision);
        if (found.isEmpty()) {
            create(set, template, revision);
        } else if (Meta.controller(found.get()).isEmpty()) {
            own(set, found.get());
            api.update(
                    Target.of(BuiltIn.CONTROLLER_REVISION, Meta.namespace(set), revision),
                    found.get(),
                    StatefulSets.AGENT);
        }
        return revision;
    }

    private void create(ObjectNode set, JsonNode template, String revision) {
        List<ObjectNode> known = api.list(BuiltIn.CONTROLLER_REVISION).stream()
                .filter(one -> Meta.isControlledBy(one, set))
                .toList();
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", revision).put("namespace", Meta.namespace(set));
        own(set, object);
        object.putObject("data").putObject("spec").set("template", template.deepCopy());
        object.put(
                "revision",
                1
                        + known.stream()
                                .mapToInt(one -> one.path("revision").asInt())
                                .max()
                                .orElse(0));
        api.create(BuiltIn.CONTROLLER_REVISION, Meta.namespace(set), object, StatefulSets.AGENT);
    }

    private static void own(ObjectNode set, ObjectNode revision) {
        Meta.of(revision).putArray("ownerReferences").add(Meta.ownerReference(BuiltIn.STATEFUL_SET, set, true));
    }

    JsonNode template(ObjectNode set, String revision) {
        return api.find(BuiltIn.CONTROLLER_REVISION, Meta.namespace(set), revision)
                .map(found -> found.path("data").path("spec").path("template"))
                .orElseGet(() -> set.path("spec").path("template"));
    }
}
