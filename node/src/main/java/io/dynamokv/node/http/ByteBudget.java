package io.dynamokv.node.http;

import java.util.concurrent.atomic.AtomicLong;

/** What all bodies, or all answers, may hold together. From any thread. */
final class ByteBudget {
    private static final int PART_FOR_RESERVE = 4;

    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    ByteBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** @return whether there was room; then it is taken */
    boolean take(int bytes) {
        return take(bytes, bytesMax);
    }

    /** @return whether there was room, in a quarter more than there is for others too; then it is taken */
    boolean takeOfReserve(int bytes) {
        return take(bytes, bytesMax + bytesMax / PART_FOR_RESERVE);
    }

    private boolean take(int bytes, long bytesMax) {
        if (held.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** @return whether there was room, or nothing else was held: what is larger than all of it could never be had */
    boolean takeOrBeAlone(int bytes) {
        return take(bytes) || held.compareAndSet(0, bytes);
    }

    /** Of what is there already, whether there is room or not; less than nothing, if it turned out to be less. */
    void add(long bytes) {
        held.addAndGet(bytes);
    }

    void give(int bytes) {
        held.addAndGet(-bytes);
    }

    /** In the reserve too. */
    boolean hasRoom() {
        return held.get() < bytesMax + bytesMax / PART_FOR_RESERVE;
    }

    long bytesMax() {
        return bytesMax;
    }

    long held() {
        return held.get();
    }
}
