package io.dynamokv.e2e.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writers at a steady pace, each with keys of its own, which repeat what was not acknowledged with the same request id, as a careful client does.
 * Every acknowledged write is in the ledger, and {@link #check} reads them all back.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final int WRITERS = 4;
    private static final int KEYS_PER_WRITER = 500;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long REPEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int READ_ATTEMPTS = 20;

    /** @param answers how often each came, by {@link StoreClient.Answer#kind} */
    public record Figures(long acknowledged, long repeated, long longestGapMillis, Map<String, Long> answers) {}

    private final StoreClient store;
    private final Ledger ledger = new Ledger();
    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final List<Thread> writers = new ArrayList<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong lastSuccessNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNanos = new AtomicLong();
    private final Map<String, AtomicLong> answers = new ConcurrentSkipListMap<>();
    private volatile boolean stopped;

    public SteadyLoad(StoreClient store) {
        this.store = store;
    }

    public void start() {
        lastSuccessNanos.set(System.nanoTime());
        for (int writer = 0; writer < WRITERS; writer++) {
            int number = writer;
            writers.add(Thread.ofPlatform().name("writer-" + number).start(() -> write(number)));
        }
    }

    private void write(int writer) {
        @Nullable String[] contexts = new String[KEYS_PER_WRITER];
        for (long n = 0; !stopped; n++) {
            int slot = (int) (n % KEYS_PER_WRITER);
            String key = run + "-" + writer + "-" + slot;
            String context = contexts[slot] == null && n >= KEYS_PER_WRITER
                    ? store.get(key).context()
                    : contexts[slot];
            contexts[slot] = writeUntilAcknowledged(key, key + "=" + n, context);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The context for the next write; null if another version is beside it or its outcome stayed unknown: the next one reads first. */
    private @Nullable String writeUntilAcknowledged(String key, String value, @Nullable String context) {
        String requestId = UUID.randomUUID().toString();
        ledger.attempted(key, value);
        long deadlineNanos = System.nanoTime() + GIVE_UP_NANOS;
        while (!stopped && System.nanoTime() - deadlineNanos < 0) {
            StoreClient.Answer answer = store.put(key, value, context, requestId);
            answers.computeIfAbsent(answer.kind(), _ -> new AtomicLong()).incrementAndGet();
            if (answer.status() == 204) {
                succeeded(key, value);
                return answer.context();
            }
            repeated.incrementAndGet();
            LockSupport.parkNanos(REPEAT_NANOS);
        }
        return null;
    }

    private void succeeded(String key, String value) {
        ledger.acknowledged(key, value);
        acknowledged.incrementAndGet();
        long nowNanos = System.nanoTime();
        long gapNanos = nowNanos - lastSuccessNanos.getAndSet(nowNanos);
        longestGapNanos.accumulateAndGet(gapNanos, Math::max);
    }

    /** Since the last call of this. */
    public Figures figures() {
        long runningGapNanos = System.nanoTime() - lastSuccessNanos.get();
        var counts = new ConcurrentSkipListMap<String, Long>();
        answers.forEach((kind, count) -> {
            long seen = count.getAndSet(0);
            if (seen > 0) {
                counts.put(kind, seen);
            }
        });
        long gapNanos = Math.max(longestGapNanos.getAndSet(0), runningGapNanos);
        return new Figures(
                acknowledged.getAndSet(0), repeated.getAndSet(0), TimeUnit.NANOSECONDS.toMillis(gapNanos), counts);
    }

    /** Reads every acknowledged key back; what is wrong with each that is lost. The load goes on meanwhile. */
    public List<String> check() {
        return ledger.acknowledgedKeys().parallelStream()
                .map(this::complaintAbout)
                .flatMap(Optional::stream)
                .toList();
    }

    /** A write may come between the read and the look into the ledger, so a complaint is looked at again. */
    private Optional<String> complaintAbout(String key) {
        StoreClient.Answer answer = store.get(key);
        for (int attempt = 1; attempt < READ_ATTEMPTS; attempt++) {
            if (answer.status() != 0 && answer.status() < 500 && ledger.isKept(key, answer.versions())) {
                return Optional.empty();
            }
            LockSupport.parkNanos(REPEAT_NANOS);
            answer = store.get(key);
        }
        return ledger.isKept(key, answer.versions())
                ? Optional.empty()
                : Optional.of(key + ": " + answer.status() + " " + answer.versions() + " " + answer.why());
    }

    @Override
    public void close() {
        stopped = true;
        for (Thread writer : writers) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
