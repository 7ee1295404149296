package io.dynamokv.local.kube.http;

import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.Kinds;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Selector;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A request for objects: what it is about, and what its query and its headers say. */
record Call(Target target, MultiMap query, String accept, String contentType, String agent) {
    private static final List<String> OF_A_NAMESPACE_ITSELF = List.of("status", "finalize");

    static Call of(HttpServerRequest request, Kinds kinds) {
        return new Call(
                target(request.path(), kinds),
                request.params(),
                header(request, "Accept"),
                header(request, "Content-Type"),
                header(request, "User-Agent"));
    }

    private static String header(HttpServerRequest request, String name) {
        return Optional.ofNullable(request.getHeader(name)).orElse("");
    }

    /** {@code /api/v1/namespaces/{namespace}/pods/{name}/{subresource}}, and with a group {@code /apis/{group}/v1/...}. */
    private static Target target(String path, Kinds kinds) {
        List<String> parts = Arrays.stream(path.substring(1).split("/", -1))
                .map(part -> URLDecoder.decode(part, StandardCharsets.UTF_8))
                .toList();
        boolean core = parts.getFirst().equals("api");
        int at = core ? 2 : 3;
        boolean grouped = parts.getFirst().equals("apis");
        if ((!core && !grouped) || parts.size() <= at) {
            throw ApiException.noSuchResource();
        }
        String group = core ? "" : parts.get(1);
        String namespace = "";
        boolean withinNamespace = parts.get(at).equals("namespaces")
                && parts.size() > at + 2
                && !(core && OF_A_NAMESPACE_ITSELF.contains(parts.get(at + 2)));
        if (withinNamespace) {
            namespace = parts.get(at + 1);
            at += 2;
        }
        Kind kind = kinds.named(group, parts.get(at - (withinNamespace ? 3 : 1)), parts.get(at));
        return new Target(kind, namespace, part(parts, at + 1), part(parts, at + 2));
    }

    private static String part(List<String> parts, int at) {
        return at < parts.size() ? parts.get(at) : "";
    }

    String parameter(String name) {
        return Optional.ofNullable(query.get(name)).orElse("");
    }

    boolean isTrue(String name) {
        String value = parameter(name);
        return value.equals("true") || value.equals("1");
    }

    boolean isWatch() {
        return isTrue("watch");
    }

    boolean wantsTable() {
        return accept.contains("as=Table");
    }

    Selector selector() {
        Selector selector =
                Selector.ofLabels(parameter("labelSelector")).and(Selector.ofFields(parameter("fieldSelector")));
        return target.name().isEmpty() ? selector : selector.and(Selector.ofName(target.name()));
    }

    /** Empty if the watch starts with what there is. */
    Optional<Long> fromVersion() {
        String version = parameter("resourceVersion");
        if (version.isEmpty() || version.equals("0")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(version));
        } catch (NumberFormatException e) {
            throw ApiException.badRequest("Invalid value: \"" + version + "\": resourceVersion: " + e.getMessage());
        }
    }

    WriteOptions writeOptions() {
        String dryRun = parameter("dryRun");
        if (!dryRun.isEmpty() && !dryRun.equals("All")) {
            throw ApiException.badRequest("dryRun: Unsupported value: \"" + dryRun + "\": supported values: \"All\"");
        }
        return new WriteOptions(
                agent, !dryRun.isEmpty(), parameter("fieldValidation").equals("Strict"));
    }
}
