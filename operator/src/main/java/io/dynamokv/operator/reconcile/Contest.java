package io.dynamokv.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices that a cluster's objects are changed back as often as they are applied. Two operators that run the same resource, or a tool that manages its
 * objects too, would answer each other's writes as fast as the API server takes them; so after some writes this one waits, and says why.
 */
final class Contest {
    /** An installation needs two, a rolling update two for each pod. */
    static final int WRITES_MAX = 10;

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<String, Deque<Instant>> writes = new ConcurrentHashMap<>();

    /** To be called before each write. @return how long to wait with it; empty if it may be done, which then counts */
    Optional<Duration> mustWait(String resource, Instant now) {
        Deque<Instant> recent = writes.computeIfAbsent(resource, _ -> new ArrayDeque<>());
        while (!recent.isEmpty() && !recent.getFirst().plus(WINDOW).isAfter(now)) {
            recent.removeFirst();
        }
        if (recent.size() >= WRITES_MAX) {
            return Optional.of(Duration.between(now, recent.getFirst().plus(WINDOW)));
        }
        recent.addLast(now);
        return Optional.empty();
    }
}
