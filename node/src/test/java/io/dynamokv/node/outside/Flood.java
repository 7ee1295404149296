package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients who do not wait for each other, nor for answers: half of their requests write new values, half read what was written. What came of them is
 * counted, and what was acknowledged is remembered.
 */
final class Flood {
    private static final int MILLIS_MAX = 20_000;
    private static final int RECENT = 1 << 12;

    /**
     * @param overdue that were not even sent, for the connection had too many unanswered
     * @param doneEachSecond once it had settled
     */
    record Counts(
            long done,
            long overloaded,
            long refused,
            long unknown,
            long cutOff,
            long overdue,
            double doneEachSecond,
            int medianMillis,
            int p99Millis) {}

    private final List<NodeUnderTest> nodes;
    private final int valueBytes;
    private final AtomicInteger lastKey;
    private final ConcurrentLinkedQueue<Integer> written = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray recent = new AtomicIntegerArray(RECENT);
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicIntegerArray millis = new AtomicIntegerArray(MILLIS_MAX + 1);
    private final LongAdder done = new LongAdder();
    private final LongAdder doneSettled = new LongAdder();
    private volatile long settledNanos;
    private final LongAdder overloaded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder cutOff = new LongAdder();
    private final LongAdder overdue = new LongAdder();

    /** @param lastKey numbers the keys, also those of other floods */
    Flood(List<NodeUnderTest> nodes, int valueBytes, AtomicInteger lastKey) {
        this.nodes = nodes;
        this.valueBytes = valueBytes;
        this.lastKey = lastKey;
    }

    /** As many requests at a time as there are connections, each sent when the one before it is answered. */
    Counts closedLoop(int connections, int seconds) throws InterruptedException {
        return run(connections, 1, 0, 0, seconds);
    }

    /**
     * So many requests each second, whatever becomes of them.
     *
     * @param settlingSeconds of the time, in which nodes may find out how much they can do
     */
    Counts openLoop(int connections, int unansweredMax, double eachSecond, int settlingSeconds, int seconds)
            throws InterruptedException {
        return run(connections, unansweredMax, eachSecond, settlingSeconds, seconds);
    }

    private Counts run(int connections, int unansweredMax, double eachSecond, int settlingSeconds, int seconds)
            throws InterruptedException {
        long startNanos = System.nanoTime();
        settledNanos = startNanos + TimeUnit.SECONDS.toNanos(settlingSeconds);
        long endNanos = startNanos + TimeUnit.SECONDS.toNanos(seconds);
        long intervalNanos = eachSecond == 0 ? 0 : (long) (connections * 1e9 / eachSecond);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < connections; i++) {
            var connection = new FloodConnection(this, nodes.get(i % nodes.size()), unansweredMax, intervalNanos);
            threads.add(Thread.startVirtualThread(() -> connection.run(endNanos)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return counts((System.nanoTime() - settledNanos) / 1e9);
    }

    private Counts counts(double seconds) {
        return new Counts(
                done.sum(),
                overloaded.sum(),
                refused.sum(),
                unknown.sum(),
                cutOff.sum(),
                overdue.sum(),
                doneSettled.sum() / seconds,
                percentile(0.5),
                percentile(0.99));
    }

    private int percentile(double part) {
        long wanted = (long) (done.sum() * part);
        int at = 0;
        for (long seen = millis.get(0); seen < wanted && at < MILLIS_MAX; seen += millis.get(at)) {
            at++;
        }
        return at;
    }

    record Request(int key, boolean write, long sentNanos) {}

    /** What a node answered. */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, boolean retryAfter, boolean close, byte[] body) {
        String text() {
            return new String(body, ISO_8859_1);
        }
    }

    Request next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int soFar = acknowledged.get();
        if (soFar > 0 && random.nextBoolean()) {
            int key = recent.get(random.nextInt(Math.min(soFar, RECENT)));
            return new Request(key, false, System.nanoTime());
        }
        return new Request(lastKey.incrementAndGet(), true, System.nanoTime());
    }

    byte[] bytesOf(Request request) {
        return request.write() ? put(request.key()) : get(request.key());
    }

    private static byte[] get(int key) {
        return ("GET /v1/kv/flood/" + key + " HTTP/1.1\r\nHost: node\r\n\r\n").getBytes(ISO_8859_1);
    }

    private byte[] put(int key) {
        byte[] head = ("PUT /v1/kv/flood/" + key
                        + " HTTP/1.1\r\nHost: node\r\nContent-Type: text/plain\r\nContent-Length: " + valueBytes
                        + "\r\n\r\n")
                .getBytes(ISO_8859_1);
        byte[] bytes = Arrays.copyOf(head, head.length + valueBytes);
        System.arraycopy(valueOf(key), 0, bytes, head.length, valueBytes);
        return bytes;
    }

    private byte[] valueOf(int key) {
        byte[] value = new byte[valueBytes];
        Arrays.fill(value, (byte) ('a' + key % 26));
        byte[] name = Integer.toString(key).getBytes(ISO_8859_1);
        System.arraycopy(name, 0, value, 0, name.length);
        return value;
    }

    void answered(Request request, Answer answer) {
        switch (answer.status()) {
            case 204 -> succeeded(request);
            case 200 -> {
                if (Arrays.equals(answer.body(), valueOf(request.key()))) {
                    succeeded(request);
                } else {
                    wrong.add(difference(request.key(), answer));
                }
            }
            case 503 -> refused(answer);
            case 504 -> unknown.increment();
            default -> wrong.add(request.key() + ": " + answer.status() + " " + answer.text());
        }
    }

    private String difference(int key, Answer answer) {
        byte[] value = answer.body();
        int at = Arrays.mismatch(value, valueOf(key));
        String there = new String(value, at, Math.min(40, value.length - at), ISO_8859_1);
        return "another value at " + key + ": " + value.length + " bytes, from " + at + " on '" + there + "'";
    }

    private void succeeded(Request request) {
        if (request.write()) {
            written.add(request.key());
            recent.set(acknowledged.getAndIncrement() & RECENT - 1, request.key());
        }
        done.increment();
        if (System.nanoTime() - settledNanos >= 0) {
            doneSettled.increment();
        }
        long tookMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - request.sentNanos());
        millis.incrementAndGet((int) Math.min(tookMillis, MILLIS_MAX));
    }

    private void refused(Answer answer) {
        if (!answer.retryAfter()) {
            wrong.add("no Retry-After: " + answer.text());
        }
        (answer.text().contains("urn:dynamokv:problem:overloaded") ? overloaded : refused).increment();
    }

    void cutOff(int requests) {
        cutOff.add(requests);
    }

    void overdue() {
        overdue.increment();
    }

    /** What no node may answer. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** The keys of all writes that were acknowledged. */
    List<Integer> written() {
        return List.copyOf(written);
    }

    boolean isValueOf(int key, byte[] value) {
        return Arrays.equals(value, valueOf(key));
    }
}
