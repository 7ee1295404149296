package io.dynamokv.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The objects of one cluster, as events have told of them. */
public interface Caches {
    <T extends HasMetadata> List<T> all(Class<T> type);

    default <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
