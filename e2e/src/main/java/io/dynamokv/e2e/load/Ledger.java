package io.dynamokv.e2e.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was written to each key, in order, and what was acknowledged of it. A key has one writer, which sends the newest context; so what
 * may be read is the value that was acknowledged last, or one that was tried after it and whose outcome is unknown.
 */
public final class Ledger {
    private static final class Entry {
        private final List<String> attempts = new ArrayList<>();
        private int acknowledged = -1;
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();

    public synchronized void attempted(String key, String value) {
        entries.computeIfAbsent(key, _ -> new Entry()).attempts.add(value);
    }

    public synchronized void acknowledged(String key, String value) {
        Entry entry = entries.get(key);
        int attempt = entry == null ? -1 : entry.attempts.lastIndexOf(value);
        if (entry == null || attempt < 0) {
            throw new IllegalArgumentException("nothing like '" + value + "' was attempted for " + key);
        }
        entry.acknowledged = Math.max(entry.acknowledged, attempt);
    }

    /** Keys of which something was acknowledged. */
    public synchronized Set<String> acknowledgedKeys() {
        var keys = new HashSet<String>();
        entries.forEach((key, entry) -> {
            if (entry.acknowledged >= 0) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** Whether a read that found these versions has kept what was acknowledged. */
    public synchronized boolean isKept(String key, List<String> versions) {
        Entry entry = entries.get(key);
        return entry == null
                || entry.acknowledged < 0
                || entry.attempts.subList(entry.acknowledged, entry.attempts.size()).stream()
                        .anyMatch(versions::contains);
    }
}
