package io.dynamokv.core.store;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Operations on one key as clients and two other replicas send them: stale contexts, repeats, reused ids, values up to the limits. */
final class RandomOperations {
    private final RandomGenerator random;
    private final List<VersionedRecord> seen = new ArrayList<>(List.of(VersionedRecord.EMPTY));
    private final List<StoreOperation.Put> puts = new ArrayList<>();
    private final List<Replica> others;

    RandomOperations(RandomGenerator random) {
        this.random = random;
        others = List.of(
                new Replica(SeededProperty.GENERATORS.create(random.nextLong())),
                new Replica(SeededProperty.GENERATORS.create(random.nextLong())));
    }

    /** @param held what the replica that will execute them holds now */
    StoreOperation[] next(int count, VersionedRecord held) {
        seen.add(held);
        var operations = new StoreOperation[count];
        for (int i = 0; i < count; i++) {
            operations[i] = next();
        }
        return operations;
    }

    private StoreOperation next() {
        return switch (random.nextInt(8)) {
            case 0 -> new StoreOperation.Read(Replica.KEY);
            case 1, 2 -> new StoreOperation.Join(Replica.KEY, elsewhere());
            case 3 -> new StoreOperation.Delete(Replica.KEY, elsewhere(), context(), now());
            case 4 -> puts.isEmpty() ? put() : puts.get(random.nextInt(puts.size()));
            default -> put();
        };
    }

    private VersionedRecord elsewhere() {
        Replica other = others.get(random.nextInt(others.size()));
        switch (random.nextInt(4)) {
            case 0 -> other.apply(put());
            case 1 -> other.delete(context());
            case 2 -> other.receive(others.get(random.nextInt(others.size())));
            default -> other.held(new StoreOperation.Join(Replica.KEY, seen.getLast()));
        }
        seen.add(other.record());
        return other.record();
    }

    private StoreOperation.Put put() {
        VersionVector context = context();
        String id = random.nextInt(12) == 0 ? "reused" : "request " + puts.size();
        Content content = Samples.content(id, "x".repeat(random.nextInt(150)) + puts.size(), context);
        var bucket = new Bucket("carts", random.nextInt(6) == 0 ? Conflicts.LATEST : Conflicts.SIBLINGS);
        var put = new StoreOperation.Put(Replica.KEY, context, content, bucket, now());
        puts.add(put);
        return put;
    }

    private VersionVector context() {
        return seen.get(random.nextInt(seen.size())).context();
    }

    private long now() {
        return Replica.NOW_MILLIS + random.nextInt(100);
    }
}
