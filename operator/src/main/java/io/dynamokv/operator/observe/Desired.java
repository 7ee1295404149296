package io.dynamokv.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** The objects that should be there, in the order in which they are made, and those that should not. */
public record Desired(List<HasMetadata> present, List<HasMetadata> absent) {
    public Desired {
        present = List.copyOf(present);
        absent = List.copyOf(absent);
    }
}
