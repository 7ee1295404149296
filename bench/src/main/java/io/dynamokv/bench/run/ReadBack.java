package io.dynamokv.bench.run;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.report.KillOutcome;
import io.dynamokv.bench.workload.Observation;
import io.dynamokv.bench.workload.ReadBackChecker;
import io.dynamokv.bench.workload.Verdict;
import io.dynamokv.bench.workload.WriteLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Reads every acknowledged key once; where that reading is not as it should be, every node is asked before the key is judged.
 * Belongs to the event loop.
 */
final class ReadBack {
    private static final int WIDTH = 64;

    private final Vertx vertx;
    private final KeyAccess access;
    private final List<Target> nodes;
    private final WriteLedger ledger;
    private final KeySweep sweep;
    private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);
    private long firstReadErrors;

    ReadBack(Vertx vertx, KeyAccess access, List<Target> nodes, WriteLedger ledger) {
        this.vertx = vertx;
        this.access = access;
        this.nodes = List.copyOf(nodes);
        this.ledger = ledger;
        sweep = new KeySweep(ledger.acknowledgedKeys().iterator(), this::first);
    }

    Future<KillOutcome> start(String killed, double unavailableSeconds) {
        return sweep.start(vertx, WIDTH)
                .map(nothing -> new KillOutcome(
                        killed,
                        unavailableSeconds,
                        sweep.done(),
                        count(Verdict.LOST),
                        count(Verdict.STALE),
                        count(Verdict.FAILED),
                        count(Verdict.INVENTED),
                        firstReadErrors));
    }

    String progress() {
        return "reading back: " + sweep.done() + " keys";
    }

    private long count(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }

    private void first(int key, Runnable then) {
        Target target = nodes.get(key % nodes.size());
        access.read(target, key, outcome -> {
            if (outcome.observation() instanceof Observation.Unreadable) {
                firstReadErrors++;
            }
            List<Observation> readings = new ArrayList<>();
            readings.add(outcome.observation());
            Verdict verdict = ReadBackChecker.judge(ledger.history(key), readings);
            if (verdict == Verdict.INTACT) {
                judged(verdict, then);
            } else {
                askNode(0, key, readings, then);
            }
        });
    }

    private void askNode(int index, int key, List<Observation> readings, Runnable then) {
        if (index == nodes.size()) {
            judged(ReadBackChecker.judge(ledger.history(key), readings), then);
            return;
        }
        access.read(nodes.get(index), key, outcome -> {
            readings.add(outcome.observation());
            askNode(index + 1, key, readings, then);
        });
    }

    private void judged(Verdict verdict, Runnable then) {
        verdicts.merge(verdict, 1L, Long::sum);
        then.run();
    }
}
