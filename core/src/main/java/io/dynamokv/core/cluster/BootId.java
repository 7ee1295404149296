package io.dynamokv.core.cluster;

/** One start of one node: a durable number that rises with each start, and random bits that tell restored copies apart (rule N3). */
public record BootId(long number, long random) {
    public BootId {
        if (number < 1) {
            throw new IllegalArgumentException("a boot number is at least 1, was " + number);
        }
    }
}
