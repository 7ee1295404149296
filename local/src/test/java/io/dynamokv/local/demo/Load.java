package io.dynamokv.local.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * People who write and read all the time. Each write is a key of its own, so that after any fault the question "is every acknowledged write
 * there?" has a plain answer; each read is of a key that was acknowledged before, so that anything but its value is a failure.
 */
final class Load implements AutoCloseable {
    private static final String BUCKET = "load/";
    /** People think; and what they write is read back, while nodes that start need the machine. */
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final Api api;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> unknown = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong longestMillis = new AtomicLong();
    private final CountDownLatch written = new CountDownLatch(1);
    private volatile boolean running = true;

    private Load(Api api) {
        this.api = api;
    }

    static Load start(Api api, String name, int writers, int readers) {
        var load = new Load(api);
        for (int i = 0; i < writers; i++) {
            String prefix = name + "-" + i + "-";
            load.threads.add(Thread.ofVirtual().start(() -> load.run(number -> load.write(prefix + number))));
        }
        for (int i = 0; i < readers; i++) {
            load.threads.add(Thread.ofVirtual().start(() -> load.run(number -> load.read())));
        }
        return load;
    }

    private interface Step {
        void take(int number) throws IOException, InterruptedException;
    }

    private void run(Step step) {
        try {
            for (int number = 0; running; number++) {
                step.take(number);
                LockSupport.parkNanos(THINKING_NANOS);
            }
        } catch (IOException e) {
            failures.add("no answer at all: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String key) throws IOException, InterruptedException {
        Api.Reply reply = api.put(BUCKET + key, key, Optional.empty());
        note(reply);
        switch (reply.status()) {
            case 204 -> {
                acknowledged.add(key);
                written.countDown();
            }
            case 504 -> unknown.add(key);
            default -> failures.add("PUT " + key + ": " + reply);
        }
    }

    private void read() throws IOException, InterruptedException {
        written.await();
        String key = acknowledged.get(ThreadLocalRandom.current().nextInt(acknowledged.size()));
        Api.Reply reply = api.get(BUCKET + key);
        note(reply);
        reads.incrementAndGet();
        if (reply.status() != 200 || !reply.body().equals(key)) {
            failures.add("GET " + key + ": " + reply);
        }
    }

    private void note(Api.Reply reply) {
        longestMillis.accumulateAndGet(reply.millis(), Math::max);
    }

    int written() {
        return acknowledged.size();
    }

    int reads() {
        return reads.get();
    }

    List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** Writes of which the client was told that they may be stored or not. */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** Reads that did not give the value, writes with an answer that no fault explains, and requests without any answer. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    long longestMillis() {
        return longestMillis.get();
    }

    /** Acknowledged writes that this address does not give back. */
    static List<String> lost(Api at, List<String> keys) throws IOException, InterruptedException {
        List<String> lost = new ArrayList<>();
        for (String key : keys) {
            Api.Reply reply = at.get(BUCKET + key);
            if (reply.status() != 200 || !reply.body().equals(key)) {
                lost.add(key + ": " + reply);
            }
        }
        return lost;
    }

    @Override
    public void close() {
        running = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the load ends", e);
        }
    }
}
