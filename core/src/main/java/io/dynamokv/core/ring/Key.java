package io.dynamokv.core.ring;

import java.util.Objects;

/** What a client names: a key in a bucket. */
public record Key(String bucket, String name) {
    public Key {
        Objects.requireNonNull(bucket, "bucket");
        Objects.requireNonNull(name, "name");
    }

    public Token token() {
        return Token.of(bucket, name);
    }

    @Override
    public String toString() {
        return bucket + "/" + name;
    }
}
