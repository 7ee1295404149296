package io.dynamokv.local.kube.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All objects in memory, under one counter of versions. What goes in and what comes out are copies, so that nobody changes an object in place.
 * Not safe for threads: its user holds a lock around what must be one step.
 */
public final class ObjectStore {
    /** Older changes are forgotten; a watch that asks for them starts anew, as with a real server. */
    private static final int HISTORY_MAX = 10_000;

    private final NavigableMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();
    private long version = 1;
    private long forgotten = 1;

    public long version() {
        return version;
    }

    public Optional<ObjectNode> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(ObjectNode::deepCopy);
    }

    /** In the order of namespaces and names. */
    public List<ObjectNode> list(String resource) {
        List<ObjectNode> found = new ArrayList<>();
        for (var entry : objects.tailMap(new ObjectKey(resource, "", ""), true).entrySet()) {
            if (!entry.getKey().resource().equals(resource)) {
                break;
            }
            found.add(entry.getValue().deepCopy());
        }
        return found;
    }

    public List<ObjectKey> keys() {
        return List.copyOf(objects.keySet());
    }

    /** Stores it with the next version. */
    public ObjectNode put(ObjectKey key, ObjectNode object) {
        ObjectNode stored = versioned(object);
        Optional<ObjectNode> before = Optional.ofNullable(objects.put(key, stored));
        record(new Change(version, key, before, stored, false));
        return stored.deepCopy();
    }

    /** Forgets the object; its last form has a version too. */
    public ObjectNode remove(ObjectKey key, ObjectNode last) {
        ObjectNode stored = versioned(last);
        Optional<ObjectNode> before = Optional.ofNullable(objects.remove(key));
        record(new Change(version, key, before, stored, true));
        return stored.deepCopy();
    }

    private ObjectNode versioned(ObjectNode object) {
        ObjectNode stored = object.deepCopy();
        Meta.of(stored).put("resourceVersion", Long.toString(++version));
        return stored;
    }

    private void record(Change change) {
        history.addLast(change);
        if (history.size() > HISTORY_MAX) {
            forgotten = history.removeFirst().version();
        }
        listeners.forEach(listener -> listener.accept(change));
    }

    /** What came after a version. @throws ApiException 410 if that is no longer known */
    public List<Change> since(long from) {
        if (from < forgotten) {
            throw ApiException.expired(from);
        }
        return history.stream().filter(change -> change.version() > from).toList();
    }

    /** Forgets the history, as a real server does when it compacts. */
    public void forgetHistory() {
        history.clear();
        forgotten = version;
    }

    /** @param listener is called within each change */
    public Runnable listen(Consumer<Change> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
