package io.dynamokv.local.kube.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.kinds.Admission;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.kinds.Kinds;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.ObjectKey;
import io.dynamokv.local.kube.object.Selector;
import io.dynamokv.local.kube.storage.Change;
import io.dynamokv.local.kube.storage.ObjectStore;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The verbs. Refusals are {@link ApiException}s. */
public final class Api {
    private static final List<String> OF_THE_SERVER = List.of(
            "uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "namespace");
    private static final int GENERATED_SUFFIX_LENGTH = 5;

    private final ObjectStore store = new ObjectStore();
    private final Kinds kinds = new Kinds();
    private final Admission admission = new Admission(kinds);
    private final Audit audit = new Audit();

    public Kinds kinds() {
        return kinds;
    }

    public Audit audit() {
        return audit;
    }

    /** What a list says, and from where a watch goes on. */
    public record Listing(long version, List<ObjectNode> items) {}

    public synchronized Optional<ObjectNode> find(Kind kind, String namespace, String name) {
        return store.find(kind.key(namespace, name)).map(object -> shown(kind, object));
    }

    public synchronized ObjectNode get(Target target) {
        ObjectNode object = stored(target);
        return target.subresource().equals("scale") ? scale(target.kind()).read(object) : object;
    }

    private ObjectNode stored(Target target) {
        return find(target.kind(), target.namespace(), target.name())
                .orElseThrow(() -> ApiException.notFound(target.key()));
    }

    /** @param namespace empty for all */
    public synchronized Listing list(Kind kind, String namespace, Selector selector) {
        List<ObjectNode> items = store.list(kind.resource()).stream()
                .filter(object -> namespace.isEmpty() || Meta.namespace(object).equals(namespace))
                .filter(selector::matches)
                .map(object -> shown(kind, object))
                .toList();
        return new Listing(store.version(), items);
    }

    public List<ObjectNode> list(Kind kind) {
        return list(kind, "", Selector.ALL).items();
    }

    private static ObjectNode shown(Kind kind, ObjectNode object) {
        return object.put("apiVersion", kind.apiVersion());
    }

    public synchronized ObjectNode create(Kind kind, String namespace, ObjectNode given, WriteOptions options) {
        audit("create", Target.of(kind, namespace, ""), options);
        ObjectNode object = given.deepCopy();
        ObjectNode metadata = Meta.of(object);
        if (Meta.name(object).isEmpty() && metadata.has("generateName")) {
            String suffix = UUID.randomUUID().toString().substring(0, GENERATED_SUFFIX_LENGTH);
            metadata.put("name", metadata.path("generateName").asText() + suffix);
        }
        if (kind.namespaced()) {
            requireNamespace(object, namespace);
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
        ObjectKey key = kind.key(namespace, Meta.name(object));
        if (store.find(key).isPresent()) {
            throw ApiException.alreadyExists(key);
        }
        if (!Meta.resourceVersion(object).isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Meta.now());
        if (kind.counted()) {
            metadata.put("generation", 1);
        }
        if (kind.hasStatus()) {
            object.remove("status");
        }
        named(kind, object);
        admission.admit(kind, object, Optional.empty(), options.strict());
        return options.dryRun() ? object : keep(kind, key, object);
    }

    private void requireNamespace(ObjectNode object, String namespace) {
        String said = Meta.namespace(object);
        if (!said.isEmpty() && !said.equals(namespace)) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        }
        ObjectKey key = BuiltIn.NAMESPACE.key("", namespace);
        ObjectNode found = store.find(key).orElseThrow(() -> ApiException.notFound(key));
        if (Meta.isDeleting(found)) {
            throw new ApiException(
                    403,
                    "Forbidden",
                    "unable to create new content in namespace " + namespace + " because it is being terminated");
        }
    }

    private static void named(Kind kind, ObjectNode object) {
        object.put("apiVersion", kind.apiVersion()).put("kind", kind.name());
    }

    public synchronized ObjectNode update(Target target, ObjectNode given, WriteOptions options) {
        audit("update", target, options);
        return replace(target, given, options);
    }

    /** @param change makes what an update would bring out of what there is; empty if there is nothing and something can be made */
    public synchronized ObjectNode patch(
            Target target, boolean creates, UnaryOperator<ObjectNode> change, WriteOptions options) {
        Optional<ObjectNode> old = find(target.kind(), target.namespace(), target.name());
        if (old.isEmpty() && creates && target.subresource().isEmpty()) {
            ObjectNode made = change.apply(JsonNodeFactory.instance.objectNode());
            Meta.of(made).put("name", target.name());
            return create(target.kind(), target.namespace(), made, options);
        }
        audit("patch", target, options);
        ObjectNode object = old.orElseThrow(() -> ApiException.notFound(target.key()));
        boolean scale = target.subresource().equals("scale");
        return replace(target, change.apply(scale ? scale(target.kind()).read(object) : object), options);
    }

    private ObjectNode replace(Target target, ObjectNode given, WriteOptions options) {
        ObjectNode old = stored(target);
        Kind kind = target.kind();
        ObjectNode object = switch (target.subresource()) {
            case "" -> withStatusOf(kind, given.deepCopy(), old);
            case "status" -> onlyStatus(given, old);
            case "scale" -> scale(kind).written(old, given);
            default -> throw ApiException.noSuchResource();
        };
        requireSame(target, given, old);
        ObjectNode metadata = Meta.of(object).put("name", target.name());
        metadata.remove("resourceVersion");
        metadata.set("resourceVersion", old.path("metadata").path("resourceVersion"));
        for (String field : OF_THE_SERVER) {
            metadata.remove(field);
            Optional.ofNullable(old.path("metadata").get(field)).ifPresent(value -> metadata.set(field, value));
        }
        named(kind, object);
        admission.admit(kind, object, Optional.of(old), options.strict());
        ObjectNode written = replaced(kind, target.key(), object, old, options.dryRun());
        return target.subresource().equals("scale") ? scale(kind).read(written) : written;
    }

    private static ObjectNode withStatusOf(Kind kind, ObjectNode object, ObjectNode old) {
        if (kind.hasStatus()) {
            object.remove("status");
            Optional.ofNullable(old.get("status")).ifPresent(status -> object.set("status", status));
        }
        return object;
    }

    private static ObjectNode onlyStatus(ObjectNode given, ObjectNode old) {
        ObjectNode object = old.deepCopy();
        object.remove("status");
        Optional.ofNullable(given.get("status")).ifPresent(status -> object.set("status", status.deepCopy()));
        Optional.ofNullable(given.path("metadata").get("managedFields"))
                .ifPresent(fields -> Meta.of(object).set("managedFields", fields));
        return object;
    }

    private static void requireSame(Target target, ObjectNode given, ObjectNode old) {
        String version = Meta.resourceVersion(given);
        if (!version.isEmpty() && !version.equals(Meta.resourceVersion(old))) {
            throw ApiException.modified(target.key());
        }
        String uid = Meta.uid(given);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw ApiException.conflict(
                    target.key(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Meta.uid(old));
        }
    }

    /** A write that changes nothing leaves the version as it is. */
    private ObjectNode replaced(Kind kind, ObjectKey key, ObjectNode object, ObjectNode old, boolean dryRun) {
        if (object.equals(old)) {
            return old;
        }
        if (kind.counted() && !Meta.sameSpecification(object, old)) {
            Meta.of(object).put("generation", Meta.generation(old) + 1);
        }
        if (dryRun) {
            return object;
        }
        boolean lastFinalizerGone = Meta.isDeleting(object) && !Meta.hasFinalizers(object) && !hasGrace(object);
        return lastFinalizerGone ? drop(kind, key, object) : keep(kind, key, object);
    }

    private static boolean hasGrace(ObjectNode object) {
        return object.path("metadata").path("deletionGracePeriodSeconds").asInt() > 0;
    }

    private ObjectNode keep(Kind kind, ObjectKey key, ObjectNode object) {
        if (kind.equals(BuiltIn.CUSTOM_RESOURCE)) {
            kinds.define(object);
        }
        return store.put(key, object);
    }

    private ObjectNode drop(Kind kind, ObjectKey key, ObjectNode object) {
        if (kind.equals(BuiltIn.CUSTOM_RESOURCE)) {
            dropAllOf(object);
            kinds.undefine(key.name());
        }
        return store.remove(key, object);
    }

    private void dropAllOf(ObjectNode definition) {
        kinds.ofResource(Meta.name(definition))
                .ifPresent(kind -> store.list(kind.resource())
                        .forEach(object -> store.remove(kind.key(Meta.namespace(object), Meta.name(object)), object)));
    }

    /** @return the object as it last was, or as it waits for its finalizers or its processes */
    public synchronized ObjectNode delete(Target target, Deletion deletion, WriteOptions options) {
        audit("delete", target, options);
        ObjectNode old = stored(target);
        requirePreconditions(target, deletion, old);
        ObjectNode object = old.deepCopy();
        if (deletion.propagation() == Deletion.Propagation.FOREGROUND) {
            Meta.addFinalizer(object, Finalizers.FOREGROUND);
        }
        int grace = grace(target.kind(), object, deletion);
        boolean waits = grace > 0 || Meta.hasFinalizers(object) || waitsAsNamespace(target.kind(), object);
        if (options.dryRun()) {
            return object;
        }
        if (deletion.propagation() == Deletion.Propagation.ORPHAN) {
            orphan(Meta.uid(object));
        }
        if (!waits) {
            return drop(target.kind(), target.key(), object);
        }
        boolean sooner = grace
                < object.path("metadata").path("deletionGracePeriodSeconds").asInt(Integer.MAX_VALUE);
        if (!Meta.isDeleting(object) || sooner) {
            markDeleted(target.kind(), object, grace);
        }
        return object.equals(old) ? old : keep(target.kind(), target.key(), object);
    }

    private static void requirePreconditions(Target target, Deletion deletion, ObjectNode old) {
        if (!deletion.uid().isEmpty() && !deletion.uid().equals(Meta.uid(old))) {
            throw ApiException.conflict(
                    target.key(),
                    "Precondition failed: UID in precondition: " + deletion.uid() + ", UID in object meta: "
                            + Meta.uid(old));
        }
        if (!deletion.resourceVersion().isEmpty() && !deletion.resourceVersion().equals(Meta.resourceVersion(old))) {
            throw ApiException.conflict(
                    target.key(),
                    "Precondition failed: ResourceVersion in precondition: " + deletion.resourceVersion()
                            + ", ResourceVersion in object meta: " + Meta.resourceVersion(old));
        }
    }

    private static void markDeleted(Kind kind, ObjectNode object, int grace) {
        ObjectNode metadata = Meta.of(object);
        metadata.put("deletionTimestamp", Meta.now()).put("deletionGracePeriodSeconds", grace);
        if (kind.counted()) {
            metadata.put("generation", Meta.generation(object) + 1);
        }
        if (kind.equals(BuiltIn.NAMESPACE)) {
            object.withObjectProperty("status").put("phase", "Terminating");
        }
    }

    /** Only a pod that is on a machine has processes that need time to end. */
    private static int grace(Kind kind, ObjectNode object, Deletion deletion) {
        if (!kind.equals(BuiltIn.POD) || !object.path("spec").has("nodeName")) {
            return 0;
        }
        return deletion.graceSeconds()
                .orElse(object.path("spec")
                        .path("terminationGracePeriodSeconds")
                        .asInt());
    }

    private static boolean waitsAsNamespace(Kind kind, ObjectNode object) {
        return kind.equals(BuiltIn.NAMESPACE)
                && !object.path("spec").path("finalizers").isEmpty();
    }

    private void orphan(String owner) {
        for (ObjectKey key : store.keys()) {
            store.find(key)
                    .filter(object -> OwnerReferences.names(object, owner))
                    .ifPresent(object -> store.put(key, OwnerReferences.without(object, owner)));
        }
    }

    public synchronized List<ObjectNode> deleteAll(
            Kind kind, String namespace, Selector selector, Deletion deletion, WriteOptions options) {
        List<ObjectNode> items = list(kind, namespace, selector).items();
        items.forEach(object -> delete(Target.of(kind, Meta.namespace(object), Meta.name(object)), deletion, options));
        return items;
    }

    /** All objects of all kinds that have metadata of a sort; for controllers that look at everything. */
    public synchronized List<ObjectNode> everything() {
        return store.keys().stream().flatMap(key -> store.find(key).stream()).toList();
    }

    /**
     * Calls for what there is, or for what came after a version, and then for each change until it is ended.
     *
     * @param from empty for what there is
     * @return ends it
     */
    public synchronized Runnable watch(Optional<Long> from, Consumer<Change> onChange) {
        if (from.isPresent()) {
            store.since(from.get()).forEach(onChange);
        } else {
            for (ObjectKey key : store.keys()) {
                store.find(key)
                        .ifPresent(object ->
                                onChange.accept(new Change(store.version(), key, Optional.empty(), object, false)));
            }
        }
        return store.listen(onChange);
    }

    /** Watches and lists of older versions are refused from now on. */
    public synchronized void forgetHistory() {
        store.forgetHistory();
    }

    private Scale scale(Kind kind) {
        return kinds.custom(kind).map(custom -> Scale.ofPaths(custom.scale())).orElseGet(Scale::ofBuiltIn);
    }

    private void audit(String verb, Target target, WriteOptions options) {
        String subresource = target.subresource().isEmpty() ? "" : "/" + target.subresource();
        audit.count(new Audit.Entry(options.agent(), verb, target.kind().resource() + subresource, options.dryRun()));
    }
}
