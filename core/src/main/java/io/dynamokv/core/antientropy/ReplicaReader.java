package io.dynamokv.core.antientropy;

import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.ReplicaStore;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one replica of a partition answers to the questions of an exchange. {@code compare} is for the thread that writes the partition; {@code read} goes to
 * the store alone and may run beside it, for whatever it misses the next exchange finds.
 */
public final class ReplicaReader {
    /** Few, for each may be as large as a message. */
    private static final int KEYS_AT_ONCE = 8;

    private final int partition;
    private final ReplicaStore store;
    private final ExchangeLimits limits;
    private long bytesRead;

    public ReplicaReader(int partition, ReplicaStore store, ExchangeLimits limits) {
        this.partition = partition;
        this.store = store;
        this.limits = limits;
    }

    public static ExchangeReply compare(ExchangeRequest.Compare request, LeafTable own) {
        return own.root() == request.root() ? new ExchangeReply.Same() : new ExchangeReply.Differs(own.copy());
    }

    /** Of keys and records, for all that was answered, also of those that were only compared. */
    public long bytesRead() {
        return bytesRead;
    }

    public ExchangeReply read(ExchangeRequest.Reading request) {
        return switch (request) {
            case ExchangeRequest.ListKeys list -> list(list);
            case ExchangeRequest.FetchKeys fetch -> fetch(fetch.keys());
            case ExchangeRequest.FetchLeaves fetch -> fetch(fetch);
        };
    }

    private ExchangeReply list(ExchangeRequest.ListKeys request) {
        var listing = new Listing();
        Key after = request.after();
        for (int leaf : request.leaves()) {
            Optional<Span> left = Optional.of(new Span(partition, leaf, after, leaf));
            after = null;
            while (left.isPresent()) {
                if (listing.isFull()) {
                    return new ExchangeReply.Listed(listing.keys, false);
                }
                Page page = store.scan(left.get(), limits.messageBytesMax());
                page.rows().forEach(listing::add);
                left = page.rest(left.get());
            }
        }
        return new ExchangeReply.Listed(listing.keys, true);
    }

    /** A key is short and its record may be long, so both are counted. */
    private final class Listing {
        private final List<KeyHash> keys = new ArrayList<>();
        private long messageBytes;
        private long scanBytes;

        void add(StoreKey key, StoredRecord row) {
            var held = new KeyRecord(key.key(), row.record());
            keys.add(new KeyHash(held.key(), held.hash()));
            messageBytes += KeyRecord.bytesOf(held.key()) + Long.BYTES;
            scanBytes += held.bytes();
            bytesRead += held.bytes();
        }

        boolean isFull() {
            return messageBytes >= limits.messageBytesMax() || scanBytes >= limits.scanBytesMax();
        }
    }

    private ExchangeReply fetch(List<Key> keys) {
        var records = new ArrayList<KeyRecord>(keys.size());
        long bytes = 0;
        for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
            for (KeyRecord held : held(keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE)))) {
                if (bytes >= limits.messageBytesMax()) {
                    return new ExchangeReply.Fetched(records, false);
                }
                records.add(held);
                bytes += held.bytes();
                bytesRead += held.bytes();
            }
        }
        return new ExchangeReply.Fetched(records, true);
    }

    private List<KeyRecord> held(List<Key> keys) {
        List<StoreKey> rowKeys =
                keys.stream().map(key -> new StoreKey(partition, key)).toList();
        Map<StoreKey, StoredRecord> rows = store.read(rowKeys);
        return rowKeys.stream()
                .map(key -> new KeyRecord(
                        key.key(), rows.getOrDefault(key, StoredRecord.NONE).record()))
                .toList();
    }

    private ExchangeReply fetch(ExchangeRequest.FetchLeaves request) {
        var span = new Span(partition, request.firstLeaf(), request.after(), request.lastLeaf());
        Page page = store.scan(span, limits.messageBytesMax());
        List<KeyRecord> records = page.rows().entrySet().stream()
                .map(row -> new KeyRecord(row.getKey().key(), row.getValue().record()))
                .toList();
        bytesRead += records.stream().mapToLong(KeyRecord::bytes).sum();
        return new ExchangeReply.Fetched(records, page.isLast());
    }
}
