package io.dynamokv.core.version;

/**
 * 64 random bits that name a writer of one key. A node draws a fresh one whenever it cannot prove that the record which it
 * holds includes all the dots it ever issued for the key (rule D2), so a writer is never a node.
 */
public record WriterId(long bits) implements Comparable<WriterId> {
    @Override
    public int compareTo(WriterId other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return Long.toHexString(bits);
    }
}
