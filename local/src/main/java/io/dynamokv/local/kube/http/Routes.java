package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Audit;
import io.dynamokv.local.kube.api.Deletion;
import io.dynamokv.local.kube.api.Eviction;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Meta;
import java.util.List;

/** From a request's method and target to a verb, and from its result to the answer's body. */
final class Routes {
    /** An answer in JSON. */
    record Answer(int status, ObjectNode body) {
        static Answer ok(ObjectNode body) {
            return new Answer(200, body);
        }
    }

    private final Api api;

    Routes(Api api) {
        this.api = api;
    }

    Answer answer(String method, Call call, JsonNode body) {
        return switch (method) {
            case "GET" -> Answer.ok(call.target().name().isEmpty() ? list(call) : get(call));
            case "POST" -> new Answer(201, create(call, body));
            case "PUT" -> Answer.ok(api.update(call.target(), Bodies.object(body), call.writeOptions()));
            case "PATCH" -> patch(call, body);
            case "DELETE" -> Answer.ok(delete(call, body));
            default -> throw new ApiException(405, "MethodNotAllowed", method + " is not supported");
        };
    }

    static String verb(String method, Call call) {
        return switch (method) {
            case "GET" -> call.isWatch() ? "watch" : call.target().name().isEmpty() ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> "delete";
        };
    }

    List<Column> columns(Call call) {
        return Column.of(call.target().kind(), api.kinds().custom(call.target().kind()));
    }

    private ObjectNode get(Call call) {
        count("get", call);
        ObjectNode object = api.get(call.target());
        return call.wantsTable() ? table(call, List.of(object), Meta.resourceVersion(object)) : object;
    }

    private ObjectNode list(Call call) {
        count("list", call);
        Api.Listing listing = api.list(call.target().kind(), call.target().namespace(), call.selector());
        String version = Long.toString(listing.version());
        if (call.wantsTable()) {
            return table(call, listing.items(), version);
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", call.target().kind().name() + "List");
        list.put("apiVersion", call.target().kind().apiVersion());
        list.putObject("metadata").put("resourceVersion", version);
        ArrayNode items = list.putArray("items");
        listing.items().forEach(items::add);
        return list;
    }

    private ObjectNode table(Call call, List<ObjectNode> objects, String version) {
        return Tables.of(
                columns(call), objects, version, call.parameter("includeObject").equals("Object"));
    }

    private void count(String verb, Call call) {
        api.audit()
                .count(new Audit.Entry(call.agent(), verb, call.target().kind().resource(), false));
    }

    private ObjectNode create(Call call, JsonNode body) {
        Target target = call.target();
        if (target.subresource().equals("eviction")) {
            return new Eviction(api).evict(target, Deletion.of(body.path("deleteOptions")), call.writeOptions());
        }
        if (!target.name().isEmpty()) {
            throw new ApiException(405, "MethodNotAllowed", "POST to a single object is not supported");
        }
        return api.create(target.kind(), target.namespace(), Bodies.object(body), call.writeOptions());
    }

    private Answer patch(Call call, JsonNode body) {
        Target target = call.target();
        boolean creates = PatchCall.creates(call);
        boolean isNew = creates
                && api.find(target.kind(), target.namespace(), target.name()).isEmpty();
        ObjectNode patched = api.patch(
                target,
                creates,
                PatchCall.change(call, body, api.kinds().listKeys(target.kind())),
                call.writeOptions());
        return new Answer(isNew ? 201 : 200, patched);
    }

    private ObjectNode delete(Call call, JsonNode body) {
        Target target = call.target();
        ObjectNode said = body instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        for (String option : List.of("propagationPolicy", "gracePeriodSeconds")) {
            String value = call.parameter(option);
            if (!value.isEmpty()) {
                said.set(
                        option,
                        option.equals("gracePeriodSeconds")
                                ? said.numberNode(Integer.parseInt(value))
                                : said.textNode(value));
            }
        }
        Deletion deletion = Deletion.of(said);
        if (target.name().isEmpty()) {
            api.deleteAll(target.kind(), target.namespace(), call.selector(), deletion, call.writeOptions());
            return list(call);
        }
        return api.delete(target, deletion, call.writeOptions());
    }
}
