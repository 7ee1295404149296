package io.dynamokv.core.ring;

import java.util.Objects;
import java.util.regex.Pattern;

/** A bucket's name and what was declared of it. */
public record Bucket(String name, Conflicts conflicts) {
    /** The form of a name: 1 to 63 characters, the first a letter or digit. */
    public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    public Bucket {
        Objects.requireNonNull(conflicts, "conflicts");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a bucket's name must match " + NAME + ", was '" + name + "'");
        }
    }
}
