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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * People who write and read all the time. Each write is a key of its own, so that after any fault the question "is every acknowledged write
 * there?" has a plain answer; each read is of a key that was acknowledged before, so that anything but its value is a failure.
 * What went wrong while the machine itself stood still says nothing of the nodes ({@link Stalls}), but for a wrong value.
 */
final class Load implements AutoCloseable {
    /** What the balancer promises, and what a busy machine may add to it before this process sees the answer. */
    static final long LONGEST_MILLIS = 1000 + 500;

    private static final String BUCKET = "load/";
    /** People think; and what they write is read back, while nodes that start need the machine. */
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private final Api api;
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<Miss> unknown = new CopyOnWriteArrayList<>();
    private final List<Miss> slow = new CopyOnWriteArrayList<>();
    private final List<Miss> failures = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Stalls stalls;
    private final CountDownLatch written = new CountDownLatch(1);
    private volatile boolean running = true;

    /** A request that did not go as a client expects. */
    private record Miss(String what, long fromNanos, long toNanos) {}

    private Load(Api api, Stalls stalls) {
        this.api = api;
        this.stalls = stalls;
    }

    static Load start(Api api, String name, int writers, int readers) throws IOException {
        var load = new Load(api, Stalls.watched());
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
        long startedNanos = System.nanoTime();
        try {
            for (int number = 0; running; number++) {
                startedNanos = System.nanoTime();
                step.take(number);
                LockSupport.parkNanos(THINKING_NANOS);
            }
        } catch (IOException e) {
            failures.add(missed("no answer at all: " + e, startedNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Miss missed(String what, long startedNanos) {
        return new Miss(what, startedNanos, System.nanoTime());
    }

    private void write(String key) throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        Api.Reply reply = api.put(BUCKET + key, key, Optional.empty());
        Miss miss = missed("PUT " + key + ": " + reply, startedNanos);
        switch (reply.status()) {
            case 204 -> {
                acknowledged.add(key);
                written.countDown();
            }
            case 504 -> unknown.add(miss);
            default -> failures.add(miss);
        }
        noteIfSlow(reply, miss);
    }

    private void read() throws IOException, InterruptedException {
        written.await();
        String key = acknowledged.get(ThreadLocalRandom.current().nextInt(acknowledged.size()));
        long startedNanos = System.nanoTime();
        Api.Reply reply = api.get(BUCKET + key);
        Miss miss = missed("GET " + key + ": " + reply, startedNanos);
        reads.incrementAndGet();
        if (reply.status() == 503 || reply.status() == 504) {
            failures.add(miss);
        } else if (reply.status() != 200 || !reply.body().equals(key)) {
            wrong.add(miss.what());
        }
        noteIfSlow(reply, miss);
    }

    private void noteIfSlow(Api.Reply reply, Miss miss) {
        if (reply.millis() > LONGEST_MILLIS) {
            slow.add(miss);
        }
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
        return notOfTheMachine(unknown);
    }

    /** Reads that did not give the value, writes with an answer that no fault explains, and requests without any answer. */
    List<String> failures() {
        return Stream.concat(wrong.stream(), notOfTheMachine(failures).stream()).toList();
    }

    /** Requests that took longer than {@link #LONGEST_MILLIS}. */
    List<String> slow() {
        return notOfTheMachine(slow);
    }

    /** To be asked when the load has ended: a stall is known at its end. */
    private List<String> notOfTheMachine(List<Miss> misses) {
        return misses.stream()
                .filter(miss -> !stalls.touched(miss.fromNanos(), miss.toNanos()))
                .map(Miss::what)
                .toList();
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

    /** @throws AssertionError if the machine stood still most of the time: then nothing was seen */
    @Override
    public void close() {
        running = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
            if (stalls.wereMostOfTheTime()) {
                throw new AssertionError("the machine stood still most of the time: this run says nothing of the nodes");
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the load ends", e);
        } finally {
            stalls.close();
        }
    }
}
