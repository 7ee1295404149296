package io.dynamokv.operator.desired;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dynamokv.operator.api.v1.DynamoCluster;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Resources as people write them, and what is wanted by them. */
final class Clusters {
    static final String IMAGE = "dynamokv/node:test";

    private static final String OPERATOR_NAMESPACE = "dynamokv-system";

    private Clusters() {}

    /** Only what must be given. */
    static Wanted small() {
        return wanted("default", text -> text);
    }

    /** Everything that can be given. */
    static Wanted full() {
        return wanted("full", text -> text);
    }

    /** The small one with more lines at its end, which are at the spec's place. */
    static Wanted smallWith(String more) {
        return wanted("default", text -> text + more.indent(2));
    }

    static Wanted wanted(String name, UnaryOperator<String> edit) {
        DynamoCluster resource = Serialization.unmarshal(edit.apply(text(name)), DynamoCluster.class);
        return Wanted.of(resource, IMAGE, OPERATOR_NAMESPACE);
    }

    private static String text(String name) {
        try (InputStream yaml = Clusters.class.getResourceAsStream("/desired/" + name + ".yml")) {
            return new String(Objects.requireNonNull(yaml, name).readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
