package io.dynamokv.core.ring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A key's place on the ring: the first 64 bits of SHA-256 over {@code bucket/key}, unsigned. No bucket's name has a slash. */
public record Token(long bits) implements Comparable<Token> {
    public static Token of(String bucket, String key) {
        byte[] bytes = (bucket + '/' + key).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Token(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The partition of a ring that is cut into {@code partitions} equal ones, a power of two: the token's highest bits. */
    public int partition(int partitions) {
        int bitsOfPartition = Integer.numberOfTrailingZeros(partitions);
        return bitsOfPartition == 0 ? 0 : (int) (bits >>> (64 - bitsOfPartition));
    }

    @Override
    public int compareTo(Token other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return String.format("%016x", bits);
    }
}
