package io.dynamokv.local.kube.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/** Counts requests, so that a test can say who wrote what, and that nobody wrote anything. */
public final class Audit {
    /**
     * What was asked for.
     *
     * @param verb get, list, watch, create, update, patch, delete
     * @param resource with its subresource: {@code pods/eviction}
     */
    public record Entry(String agent, String verb, String resource, boolean dryRun) implements Comparable<Entry> {
        public boolean isWrite() {
            return !dryRun && !verb.equals("get") && !verb.equals("list") && !verb.equals("watch");
        }

        @Override
        public int compareTo(Entry other) {
            return toString().compareTo(other.toString());
        }
    }

    private final Map<Entry, LongAdder> counts = new ConcurrentHashMap<>();

    public void count(Entry entry) {
        counts.computeIfAbsent(entry, _ -> new LongAdder()).increment();
    }

    public long count(Predicate<Entry> which) {
        return counts.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .mapToLong(entry -> entry.getValue().sum())
                .sum();
    }

    /** All writes so far, to be compared with those of later. */
    public Map<Entry, Long> writes() {
        Map<Entry, Long> writes = new TreeMap<>();
        counts.forEach((entry, count) -> {
            if (entry.isWrite()) {
                writes.put(entry, count.sum());
            }
        });
        return writes;
    }
}
