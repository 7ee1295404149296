package io.dynamokv.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The objects that should be there, in the order in which they are made, and those that should not. */
public record Desired(List<HasMetadata> present, List<HasMetadata> absent) {
    public Desired {
        present = List.copyOf(present);
        absent = List.copyOf(absent);
    }

    /** As the log, events and conditions call it. */
    static String nameOf(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    /** Of what each of those that are called so should be: equal as long as it should be the same. */
    public Map<String, Integer> hashesOf(Collection<String> names) {
        var hashes = new HashMap<String, Integer>();
        present.forEach(object -> hashes.put(nameOf(object), object.hashCode()));
        absent.forEach(object -> hashes.put(nameOf(object), 0));
        hashes.keySet().retainAll(Set.copyOf(names));
        return hashes;
    }
}
