package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.storage.Change;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What one watcher is told of the changes: those of its kind and namespace, as seen through its selector. */
final class WatchStream {
    private final Call call;
    private final Function<ObjectNode, ObjectNode> form;
    private final Consumer<String> out;

    /** @param out takes events in their order; it may be called within a change and must not block */
    WatchStream(Call call, List<Column> columns, Consumer<String> out) {
        this.call = call;
        this.out = out;
        form = call.wantsTable() ? object -> table(columns, object) : Function.identity();
    }

    private ObjectNode table(List<Column> columns, ObjectNode object) {
        return Tables.of(
                columns,
                List.of(object),
                Meta.resourceVersion(object),
                call.parameter("includeObject").equals("Object"));
    }

    void tell(Change change) {
        boolean mine = change.key().resource().equals(call.target().kind().resource())
                && (call.target().namespace().isEmpty()
                        || call.target().namespace().equals(change.key().namespace()));
        if (mine) {
            type(change).ifPresent(type -> tell(type, change.object()));
        }
    }

    /** Coming into and going out of the selection look like a creation and a removal. */
    private Optional<String> type(Change change) {
        boolean was = change.before().filter(call.selector()::matches).isPresent();
        boolean is = !change.removed() && call.selector().matches(change.object());
        if (is) {
            return Optional.of(was ? "MODIFIED" : "ADDED");
        }
        return was ? Optional.of("DELETED") : Optional.empty();
    }

    private void tell(String type, ObjectNode object) {
        ObjectNode shown =
                object.deepCopy().put("apiVersion", call.target().kind().apiVersion());
        write(type, form.apply(shown));
    }

    void refuse(ApiException refusal) {
        write("ERROR", refusal.body());
    }

    private void write(String type, ObjectNode object) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("object", object);
        out.accept(event + "\n");
    }
}
