package io.dynamokv.operator.desired;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.TreeMap;

/** Name, labels and owner of an object. */
final class Metadata {
    private Metadata() {}

    /** Goes with the resource. */
    static ObjectMeta owned(Wanted wanted, String name) {
        return new ObjectMetaBuilder(plain(wanted, name))
                .withOwnerReferences(wanted.owner())
                .build();
    }

    /** Outlives the resource where its data does. */
    static ObjectMeta likeTheData(Wanted wanted, String name) {
        return wanted.isRetained() ? plain(wanted, name) : owned(wanted, name);
    }

    private static ObjectMeta plain(Wanted wanted, String name) {
        return new ObjectMetaBuilder()
                .withNamespace(wanted.names().namespace())
                .withName(name)
                .withLabels(new TreeMap<>(wanted.names().labels()))
                .build();
    }
}
