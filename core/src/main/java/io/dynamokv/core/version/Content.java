package io.dynamokv.core.version;

import java.util.Objects;

/**
 * What a client wrote: the bytes and their content type, with the id and digest of the request that wrote them. Two contents are
 * equal when id and digest are (rule W4); the digest covers the rest. The value is not copied: nobody changes it.
 */
@SuppressWarnings("ArrayRecordComponent") // equality is by id and digest
public record Content(RequestId requestId, RequestDigest digest, String contentType, byte[] value) {
    public Content {
        Objects.requireNonNull(requestId, "requestId");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(value, "value");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Content that && requestId.equals(that.requestId) && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return 31 * requestId.hashCode() + digest.hashCode();
    }

    @Override
    public String toString() {
        return "Content[" + requestId + ", " + contentType + ", " + value.length + " bytes]";
    }
}
