package io.dynamokv.node.outside;

/**
 * What becomes of bytes that go from one node to another.
 *
 * @param isCut they are swallowed, and so is the end of a connection; it stays open at the other side
 * @param delayMillis they arrive this much later
 * @param chunkBytes so many at once, at most
 * @param chunkMillis and no more for this long
 */
record Passage(boolean isCut, long delayMillis, int chunkBytes, long chunkMillis) {
    private static final int ANY = 16 << 10;

    static final Passage OPEN = new Passage(false, 0, ANY, 0);
    static final Passage CUT = new Passage(true, 0, ANY, 0);

    static Passage late(long millis) {
        return new Passage(false, millis, ANY, 0);
    }

    /** A trickle: late, and a few bytes at a time. */
    static Passage trickle(long lateMillis, int chunkBytes, long chunkMillis) {
        return new Passage(false, lateMillis, chunkBytes, chunkMillis);
    }
}
