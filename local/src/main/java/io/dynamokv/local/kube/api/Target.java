package io.dynamokv.local.kube.api;

import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.ObjectKey;

/**
 * What a request is about.
 *
 * @param namespace empty for all, or for a kind without namespaces
 * @param name empty for all
 * @param subresource empty for the object itself
 */
public record Target(Kind kind, String namespace, String name, String subresource) {
    public static Target of(Kind kind, String namespace, String name) {
        return new Target(kind, namespace, name, "");
    }

    public static Target status(Kind kind, String namespace, String name) {
        return new Target(kind, namespace, name, "status");
    }

    public ObjectKey key() {
        return kind.key(namespace, name);
    }
}
