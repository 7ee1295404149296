package io.dynamokv.core.ring;

/** The tokens of one partition, both ends included. */
public record TokenRange(Token first, Token last) {
    public static TokenRange ofPartition(int partition, int partitions) {
        if (Integer.bitCount(partitions) != 1 || partition < 0 || partition >= partitions) {
            throw new IllegalArgumentException("no partition " + partition + " of " + partitions);
        }
        int shift = 64 - Integer.numberOfTrailingZeros(partitions);
        if (shift == 64) {
            return new TokenRange(new Token(0), new Token(-1));
        }
        long first = (long) partition << shift;
        return new TokenRange(new Token(first), new Token(first + (1L << shift) - 1));
    }

    public boolean contains(Token token) {
        return token.compareTo(first) >= 0 && token.compareTo(last) <= 0;
    }
}
