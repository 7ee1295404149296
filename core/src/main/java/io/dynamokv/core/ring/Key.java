package io.dynamokv.core.ring;

import java.util.Objects;

/** What a client names: a key in a bucket. Its token is computed once, for all who handle a request ask for it. */
public final class Key {
    private final String bucket;
    private final String name;
    private final Token token;

    public Key(String bucket, String name) {
        this.bucket = Objects.requireNonNull(bucket, "bucket");
        this.name = Objects.requireNonNull(name, "name");
        token = Token.of(bucket, name);
    }

    public String bucket() {
        return bucket;
    }

    public String name() {
        return name;
    }

    public Token token() {
        return token;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && name.equals(that.name) && bucket.equals(that.bucket);
    }

    @Override
    public int hashCode() {
        return 31 * bucket.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return bucket + "/" + name;
    }
}
