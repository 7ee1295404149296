package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.patch.ListKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** All kinds that are served at the moment. */
public final class Kinds {
    private final Map<String, List<CustomKind>> customByDefinition = new ConcurrentHashMap<>();

    public List<Kind> all() {
        List<Kind> all = new ArrayList<>(BuiltIn.ALL);
        customKinds().forEach(custom -> all.add(custom.kind()));
        return all;
    }

    private List<CustomKind> customKinds() {
        return customByDefinition.values().stream().flatMap(List::stream).toList();
    }

    /** @throws ApiException 404 if there is none */
    public Kind named(String group, String version, String plural) {
        return all().stream()
                .filter(kind -> kind.group().equals(group)
                        && kind.version().equals(version)
                        && kind.plural().equals(plural))
                .findFirst()
                .orElseThrow(ApiException::noSuchResource);
    }

    /** Any version of it. */
    public Optional<Kind> ofResource(String resource) {
        return all().stream().filter(kind -> kind.resource().equals(resource)).findFirst();
    }

    /** That an owner reference names. */
    public Optional<Kind> ofReference(String apiVersion, String name) {
        return all().stream()
                .filter(kind ->
                        kind.apiVersion().equals(apiVersion) && kind.name().equals(name))
                .findFirst();
    }

    public Optional<CustomKind> custom(Kind kind) {
        return customKinds().stream()
                .filter(custom -> custom.kind().equals(kind))
                .findFirst();
    }

    public ListKeys listKeys(Kind kind) {
        return custom(kind).map(CustomKind::listKeys).orElse(ListKeys.BUILT_IN_KINDS);
    }

    /** Whether a CRD can be served. @throws ApiException 422 if not */
    static List<CustomKind> read(JsonNode definition) {
        try {
            return CustomKind.of(definition);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    BuiltIn.CUSTOM_RESOURCE, Meta.name(definition), List.of(String.valueOf(e.getMessage())));
        }
    }

    public void define(JsonNode definition) {
        customByDefinition.put(Meta.name(definition), read(definition));
    }

    public void undefine(String definition) {
        customByDefinition.remove(definition);
    }
}
