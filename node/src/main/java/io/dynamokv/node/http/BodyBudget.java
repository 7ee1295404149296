package io.dynamokv.node.http;

import java.util.concurrent.atomic.AtomicLong;

/** What all bodies may hold together, from their first byte to the end of the answer. From any thread. */
final class BodyBudget {
    private final long bytesMax;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** @return whether there was room; then it is taken */
    boolean take(int bytes) {
        if (held.addAndGet(bytes) <= bytesMax) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    void give(int bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
