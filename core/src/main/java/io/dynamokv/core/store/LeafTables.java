package io.dynamokv.core.store;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafHash;
import io.dynamokv.core.merkle.LeafTable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The hash trees of the partitions in which a node owns a slot, beside their store. What a node keeps for others is in none (rule H1): its partition
 * has no table here. For the thread that writes the partitions.
 */
public final class LeafTables {
    private static final long SCAN_BYTES_MAX = 1L << 20;

    private final ReplicaStore store;
    private final Map<Integer, LeafTable> tables = new TreeMap<>();

    public LeafTables(ReplicaStore store) {
        this.store = store;
    }

    /** Keeps the partition's tree from now on: as it is stored, or built from the rows if none is. */
    public void keep(int partition) {
        if (!tables.containsKey(partition)) {
            Optional<LeafTable> stored = store.leaves(partition);
            if (stored.isPresent()) {
                tables.put(partition, stored.get());
            } else {
                rebuild(partition);
            }
        }
    }

    /** Keeps the partition's tree no longer; whoever keeps it again builds it anew, for rows may change meanwhile. */
    public void drop(int partition) {
        tables.remove(partition);
        if (store.leaves(partition).isPresent()) {
            store.replaceLeaves(partition, null);
        }
    }

    /** Builds the partition's tree from its rows, in the table that is known already: an exchange may be looking at it. */
    public void rebuild(int partition) {
        LeafTable built = fromRows(Span.ofPartition(partition));
        store.replaceLeaves(partition, built);
        LeafTable table = tables.computeIfAbsent(partition, _ -> new LeafTable());
        for (int leaf = 0; leaf < Leaf.COUNT; leaf++) {
            table.set(leaf, built.leaf(leaf));
        }
    }

    /** The partition's tree; it changes with every write. */
    public @Nullable LeafTable table(int partition) {
        return tables.get(partition);
    }

    /** Takes the changes of a batch and gives the leaves' new values, which are to be stored in one write with the batch's rows. */
    public Map<Leaf, Long> apply(Map<Leaf, Long> deltas) {
        var values = LinkedHashMap.<Leaf, Long>newLinkedHashMap(deltas.size());
        deltas.forEach((leaf, delta) -> {
            LeafTable table = tables.get(leaf.partition());
            if (table != null) {
                values.put(leaf, table.change(leaf.index(), delta));
            }
        });
        return values;
    }

    /** Compares a leaf with its rows, and mends it if they differ: a tree that is wrong hides what replicas lack. Returns whether it was right. */
    public boolean verify(Leaf leaf) {
        LeafTable table = tables.get(leaf.partition());
        if (table == null) {
            return true;
        }
        long right = fromRows(Span.ofLeaf(leaf.partition(), leaf.index())).leaf(leaf.index());
        if (table.leaf(leaf.index()) == right) {
            return true;
        }
        table.set(leaf.index(), right);
        store.write(Map.of(), Map.of(leaf, right));
        return false;
    }

    /** The leaves of a span as its rows have them; the others are empty. */
    public LeafTable fromRows(Span span) {
        var table = new LeafTable();
        Optional<Span> left = Optional.of(span);
        while (left.isPresent()) {
            Page page = store.scan(left.get(), SCAN_BYTES_MAX);
            page.rows().forEach((key, row) -> table.change(key.leaf().index(), LeafHash.of(key.key(), row.record())));
            left = page.rest(left.get());
        }
        return table;
    }
}
