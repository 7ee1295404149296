package io.dynamokv.node.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What peers' requests hold that are under way here. Replicas are never refused (rule W6), so past the bound the links of peers are not read until there is
 * room again: then it is their outboxes that fill, and at their bounds coordinators know that this node does not get it. From any thread.
 */
final class PeerIntake {
    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    PeerIntake(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    void begin(int size) {
        bytes.addAndGet(size);
    }

    void end(int size) {
        bytes.addAndGet(-size);
        tellIfThereIsRoom();
    }

    long bytes() {
        return bytes.get();
    }

    boolean isFull() {
        return bytes.get() > bytesMax;
    }

    /** @param again runs once, on any thread, when half of the bound is free */
    void whenThereIsRoom(Runnable again) {
        waiting.add(again);
        tellIfThereIsRoom();
    }

    private void tellIfThereIsRoom() {
        if (bytes.get() <= bytesMax / 2) {
            for (Runnable again = waiting.poll(); again != null; again = waiting.poll()) {
                again.run();
            }
        }
    }
}
