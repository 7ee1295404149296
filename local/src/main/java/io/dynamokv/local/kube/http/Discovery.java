package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.kinds.Kinds;
import io.dynamokv.local.kube.object.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Tells clients what there is: groups, versions, resources, and as much of OpenAPI as kubectl asks for. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final String OPEN_API = "/openapi/v3";

    private final Kinds kinds;

    Discovery(Kinds kinds) {
        this.kinds = kinds;
    }

    /** Empty if the path is none of discovery. */
    Optional<ObjectNode> answer(String path) {
        return switch (path) {
            case "/version" -> Optional.of(version());
            case "/api" -> Optional.of(coreVersions());
            case "/apis" -> Optional.of(groups());
            case OPEN_API -> Optional.of(openApiPaths());
            default -> {
                if (path.startsWith(OPEN_API + "/")) {
                    yield openApi(path.substring(OPEN_API.length() + 1));
                }
                List<String> parts = List.of(path.substring(1).split("/", -1));
                boolean core = parts.size() == 2 && parts.getFirst().equals("api");
                boolean group = parts.size() == 3 && parts.getFirst().equals("apis");
                if (parts.size() == 2 && parts.getFirst().equals("apis")) {
                    yield group(parts.get(1));
                }
                yield core || group ? resources(String.join("/", parts.subList(1, parts.size()))) : Optional.empty();
            }
        };
    }

    private static ObjectNode node(String kind) {
        return JsonNodeFactory.instance.objectNode().put("kind", kind).put("apiVersion", "v1");
    }

    private static ObjectNode version() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+dynamokv")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode coreVersions() {
        ObjectNode versions = node("APIVersions");
        versions.putArray("versions").add("v1");
        versions.putArray("serverAddressByClientCIDRs");
        return versions;
    }

    private Map<String, Set<String>> versionsByGroup() {
        Map<String, Set<String>> groups = new LinkedHashMap<>();
        for (Kind kind : kinds.all()) {
            if (!kind.group().isEmpty()) {
                groups.computeIfAbsent(kind.group(), _ -> new TreeSet<>()).add(kind.version());
            }
        }
        return groups;
    }

    private ObjectNode groups() {
        ObjectNode list = node("APIGroupList");
        ArrayNode groups = list.putArray("groups");
        versionsByGroup().forEach((name, versions) -> describe(groups.addObject(), name, versions));
        return list;
    }

    private Optional<ObjectNode> group(String name) {
        return Optional.ofNullable(versionsByGroup().get(name)).map(versions -> {
            ObjectNode group = node("APIGroup");
            describe(group, name, versions);
            return group;
        });
    }

    private static void describe(ObjectNode group, String name, Set<String> versions) {
        ArrayNode list = group.put("name", name).putArray("versions");
        versions.forEach(version ->
                list.addObject().put("groupVersion", name + "/" + version).put("version", version));
        group.set("preferredVersion", list.get(0));
    }

    private Optional<ObjectNode> resources(String apiVersion) {
        ObjectNode list = node("APIResourceList").put("groupVersion", apiVersion);
        ArrayNode resources = list.putArray("resources");
        kinds.all().stream()
                .filter(kind -> kind.apiVersion().equals(apiVersion))
                .forEach(kind -> {
                    describe(resources, kind);
                    kind.subresources().stream()
                            .sorted()
                            .forEach(subresource -> describe(resources, kind, subresource));
                });
        return resources.isEmpty() ? Optional.empty() : Optional.of(list);
    }

    private static void describe(ArrayNode resources, Kind kind) {
        ObjectNode resource = resources.addObject();
        resource.put("name", kind.plural()).put("singularName", kind.singular());
        resource.put("namespaced", kind.namespaced()).put("kind", kind.name());
        ArrayNode verbs = resource.putArray("verbs");
        VERBS.forEach(verbs::add);
        if (!kind.shortNames().isEmpty()) {
            ArrayNode shortNames = resource.putArray("shortNames");
            kind.shortNames().forEach(shortNames::add);
        }
        if (List.of("pods", "services", "statefulsets", "deployments").contains(kind.plural())) {
            resource.putArray("categories").add("all");
        }
    }

    private static void describe(ArrayNode resources, Kind kind, String subresource) {
        ObjectNode resource = resources.addObject();
        resource.put("name", kind.plural() + "/" + subresource).put("singularName", "");
        resource.put("namespaced", kind.namespaced());
        ArrayNode verbs = resource.putArray("verbs");
        switch (subresource) {
            case "scale" -> {
                resource.put("group", "autoscaling").put("version", "v1").put("kind", "Scale");
                verbs.add("get").add("patch").add("update");
            }
            case "eviction" -> {
                resource.put("group", "policy").put("version", "v1").put("kind", "Eviction");
                verbs.add("create");
            }
            case "log" -> {
                resource.put("kind", kind.name());
                verbs.add("get");
            }
            default -> {
                resource.put("kind", kind.name());
                verbs.add("get").add("patch").add("update");
            }
        }
    }

    private static String openApiPath(Kind kind) {
        return kind.group().isEmpty() ? "api/v1" : "apis/" + kind.apiVersion();
    }

    private ObjectNode openApiPaths() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = document.putObject("paths");
        for (Kind kind : kinds.all()) {
            String path = openApiPath(kind);
            paths.putObject(path).put("serverRelativeURL", OPEN_API + "/" + path + "?hash=0");
        }
        return document;
    }

    /** kubectl looks up whether PATCH of a kind knows {@code fieldValidation} and {@code dryRun}. */
    private Optional<ObjectNode> openApi(String apiPath) {
        ObjectNode document = JsonNodeFactory.instance.objectNode().put("openapi", "3.0.0");
        document.putObject("info").put("title", "DynamoKV local").put("version", "1");
        document.putObject("components").putObject("schemas");
        ObjectNode paths = document.putObject("paths");
        kinds.all().stream().filter(kind -> openApiPath(kind).equals(apiPath)).forEach(kind -> {
            String namespace = kind.namespaced() ? "/namespaces/{namespace}/" : "/";
            ObjectNode patch = paths.putObject("/" + apiPath + namespace + kind.plural() + "/{name}")
                    .putObject("patch");
            patch.putObject("x-kubernetes-group-version-kind")
                    .put("group", kind.group())
                    .put("version", kind.version())
                    .put("kind", kind.name());
            ArrayNode parameters = patch.putArray("parameters");
            for (String name : List.of("dryRun", "fieldManager", "fieldValidation")) {
                parameters
                        .addObject()
                        .put("name", name)
                        .put("in", "query")
                        .putObject("schema")
                        .put("type", "string");
            }
            patch.putObject("responses").putObject("200").put("description", "OK");
        });
        return paths.isEmpty() ? Optional.empty() : Optional.of(document);
    }
}
