package io.dynamokv.operator.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notices that a cluster's objects are changed back as often as they are applied. Two operators that run the same resource, or a tool that manages its
 * objects too, would answer each other's writes as fast as the API server takes them; so after some writes of what was written before this one waits, and
 * says why. An object that is to be another one each time, as a budget is while pods come and go, is nobody else's doing.
 */
final class Contest {
    static final int REPEATS_MAX = 10;
    static final Duration WINDOW = Duration.ofMinutes(1);

    private final Map<String, History> histories = new ConcurrentHashMap<>();

    private static final class History {
        private final Map<String, Integer> last = new HashMap<>();
        private final Deque<Instant> repeats = new ArrayDeque<>();

        private void forget(Instant until) {
            while (!repeats.isEmpty() && !repeats.getFirst().isAfter(until)) {
                repeats.removeFirst();
            }
        }
    }

    /**
     * To be called before each write, by one thread for a resource.
     *
     * @param objects the hash of what each object that differs is to be
     * @return how long to wait with it; empty if it may be done
     */
    Optional<Duration> mustWait(String resource, Map<String, Integer> objects, Instant now) {
        History history = histories.computeIfAbsent(resource, _ -> new History());
        history.forget(now.minus(WINDOW));
        boolean isRepeat = objects.entrySet().stream()
                .anyMatch(object -> object.getValue().equals(history.last.get(object.getKey())));
        if (isRepeat && history.repeats.size() >= REPEATS_MAX) {
            return Optional.of(Duration.between(now, history.repeats.getFirst().plus(WINDOW)));
        }
        if (isRepeat) {
            history.repeats.addLast(now);
        }
        history.last.putAll(objects);
        return Optional.empty();
    }
}
