package io.dynamokv.bench.workload;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Which writes of each key were sent, confirmed and left open. Belongs to one thread. */
public final class WriteLedger {
    private final int[] attempted;
    private final int[] acknowledged;
    private final Map<Integer, Set<Integer>> unknown = new HashMap<>();

    public WriteLedger(int keys) {
        attempted = new int[keys];
        acknowledged = new int[keys];
    }

    /** The sequence number of a new write of the key. */
    public int begin(int key) {
        return ++attempted[key];
    }

    public void acknowledge(int key, int sequence) {
        acknowledged[key] = Math.max(acknowledged[key], sequence);
    }

    public void leaveOpen(int key, int sequence) {
        unknown.computeIfAbsent(key, k -> new HashSet<>()).add(sequence);
    }

    public KeyHistory history(int key) {
        return new KeyHistory(attempted[key], acknowledged[key], unknown.getOrDefault(key, Set.of()));
    }

    public IntStream acknowledgedKeys() {
        return IntStream.range(0, acknowledged.length).filter(key -> acknowledged[key] > 0);
    }
}
