package io.dynamokv.local.kube.object;

import java.util.List;
import java.util.Set;

/**
 * A kind of objects and its names in the API.
 *
 * @param counted whether a change of its specification counts {@code metadata.generation} up
 */
public record Kind(
        String group,
        String version,
        String plural,
        String singular,
        String name,
        boolean namespaced,
        boolean counted,
        List<String> shortNames,
        Set<String> subresources) {

    public Kind {
        shortNames = List.copyOf(shortNames);
        subresources = Set.copyOf(subresources);
    }

    /** {@code apps/v1}, or {@code v1} for the core group. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code statefulsets.apps}: the same for all versions. */
    public String resource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    public boolean hasStatus() {
        return subresources.contains("status");
    }

    public boolean hasScale() {
        return subresources.contains("scale");
    }

    /** @param namespace ignored for a kind without namespaces */
    public ObjectKey key(String namespace, String objectName) {
        return new ObjectKey(resource(), namespaced ? namespace : "", objectName);
    }
}
