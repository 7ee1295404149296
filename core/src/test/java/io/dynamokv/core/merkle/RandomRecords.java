package io.dynamokv.core.merkle;

import io.dynamokv.core.simulation.Samples;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Records of one key from a history with few writers, requests and times, and stale contexts, so small that many are equal. Another history has other
 * events under the same dots.
 */
final class RandomRecords {
    private static final int REPLICAS = 3;

    private final RandomGenerator random;
    private final List<VersionedRecord> seen = new ArrayList<>(List.of(VersionedRecord.EMPTY));
    private final VersionedRecord[] replicas = new VersionedRecord[REPLICAS];
    private final long[] writers = {1, 2, 3};
    private long writersDrawn = REPLICAS;

    private RandomRecords(RandomGenerator random) {
        this.random = random;
        Arrays.fill(replicas, VersionedRecord.EMPTY);
    }

    static List<VersionedRecord> draw(RandomGenerator random, int count) {
        var world = new RandomRecords(random);
        while (world.seen.size() < count) {
            world.step();
        }
        return world.seen;
    }

    private void step() {
        int replica = random.nextInt(REPLICAS);
        VersionedRecord held = replicas[replica];
        VersionedRecord next = switch (random.nextInt(5)) {
            case 0, 1 -> put(held, new WriterId(writers[replica]));
            case 2 -> held.discard(context(), random.nextInt(3));
            case 3 -> held.join(replicas[random.nextInt(REPLICAS)]).withoutSuperseded();
            default -> held.join(seen.get(random.nextInt(seen.size())));
        };
        replicas[replica] = next;
        seen.add(next);
        if (random.nextInt(8) == 0) {
            replicas[replica] =
                    seen.get(random.nextInt(seen.size())); // a tail is lost, so a fresh writer goes on (rule D2)
            writers[replica] = ++writersDrawn;
        }
    }

    private VersionedRecord put(VersionedRecord held, WriterId writer) {
        VersionVector context = context();
        if (context.counter(writer) > held.vector().counter(writer)) {
            return held;
        }
        var dot = new Dot(writer, held.vector().counter(writer) + 1);
        String request = "request " + random.nextInt(3);
        Content content = Samples.content(request, "body " + random.nextInt(2), VersionVector.EMPTY);
        return held.update(context, new TimedDot(dot, new HybridTime(random.nextInt(2))), content);
    }

    private VersionVector context() {
        return seen.get(random.nextInt(seen.size())).context();
    }
}
