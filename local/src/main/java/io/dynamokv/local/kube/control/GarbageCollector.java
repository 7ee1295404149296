package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Deletion;
import io.dynamokv.local.kube.api.Finalizers;
import io.dynamokv.local.kube.api.OwnerReferences;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What lost all its owners goes, what is deleted with its dependents first waits for them, and a namespace takes all that is in it along. */
public final class GarbageCollector implements Controller {
    private static final WriteOptions AGENT = WriteOptions.of("garbage-collector");

    private final Api api;

    public GarbageCollector(Api api) {
        this.api = api;
    }

    @Override
    public void pass() {
        List<ObjectNode> all = api.everything();
        Set<String> present = new HashSet<>();
        all.forEach(object -> present.add(Meta.uid(object)));
        for (ObjectNode object : all) {
            if (Meta.finalizers(object).contains(Finalizers.FOREGROUND)) {
                foreground(object, all);
            } else if (isOrphan(object, present) && !Meta.isDeleting(object)) {
                delete(object, Deletion.PLAIN);
            }
            if (object.path("kind").asText().equals("Namespace") && Meta.isDeleting(object)) {
                empty(object, all);
            }
        }
    }

    private static boolean isOrphan(JsonNode object, Set<String> present) {
        JsonNode owners = object.path("metadata").path("ownerReferences");
        return !owners.isEmpty()
                && owners.valueStream()
                        .noneMatch(owner -> present.contains(owner.path("uid").asText()));
    }

    private void foreground(ObjectNode owner, List<ObjectNode> all) {
        List<ObjectNode> dependents = all.stream()
                .filter(object -> OwnerReferences.names(object, Meta.uid(owner)))
                .toList();
        dependents.stream()
                .filter(object -> !Meta.isDeleting(object))
                .forEach(object -> delete(
                        object, new Deletion(Deletion.Propagation.FOREGROUND, Optional.empty(), Meta.uid(object), "")));
        if (dependents.isEmpty()) {
            Meta.removeFinalizer(owner, Finalizers.FOREGROUND);
            kind(owner)
                    .ifPresent(
                            kind -> api.update(Target.of(kind, Meta.namespace(owner), Meta.name(owner)), owner, AGENT));
        }
    }

    private void empty(ObjectNode namespace, List<ObjectNode> all) {
        List<ObjectNode> within = all.stream()
                .filter(object -> Meta.namespace(object).equals(Meta.name(namespace)))
                .toList();
        within.stream().filter(object -> !Meta.isDeleting(object)).forEach(object -> delete(object, Deletion.PLAIN));
        if (within.isEmpty()) {
            ObjectNode done = namespace.deepCopy();
            done.withObjectProperty("spec").remove("finalizers");
            Target target = Target.of(BuiltIn.NAMESPACE, "", Meta.name(namespace));
            if (!done.equals(namespace)) {
                api.update(target, done, AGENT);
            }
        }
    }

    private void delete(ObjectNode object, Deletion deletion) {
        kind(object)
                .filter(kind -> api.find(kind, Meta.namespace(object), Meta.name(object))
                        .filter(found -> Meta.uid(found).equals(Meta.uid(object)))
                        .isPresent())
                .ifPresent(kind ->
                        api.delete(Target.of(kind, Meta.namespace(object), Meta.name(object)), deletion, AGENT));
    }

    private Optional<Kind> kind(JsonNode object) {
        return api.kinds()
                .ofReference(
                        object.path("apiVersion").asText(), object.path("kind").asText());
    }
}
