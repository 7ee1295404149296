package io.dynamokv.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private static final Latencies NONE = new Latencies(0, 0, 0, 0, 0, 0, 0);
    private static final BenchReport.Settings SETTINGS = new BenchReport.Settings(
            List.of("http://127.0.0.11:8080", "http://127.0.0.12:8080"), "bench", false, 1_000, 1_024, "zipfian");

    private static RunResult mixed() {
        return new RunResult(
                "A",
                64,
                null,
                10,
                12_345.6,
                new Latencies(61_728, 6_172.8, 1.5, 4, 8.125, 20, 123.456),
                new Latencies(61_728, 6_172.8, 2.5, 5, 9.5, 30.25, 40),
                new TreeMap<>(Map.of("write 504", 3L, "read no connection", 2L)),
                152.4,
                new Cost(70.04, 21.3, List.of(210L, 205L)),
                new KillOutcome("node-3", 4.25, 1_000, 0, 1, 2, 0, 7));
    }

    private static RunResult readsOfFarNodes() {
        SortedMap<String, Long> noErrors = new TreeMap<>();
        return new RunResult(
                "C",
                1,
                null,
                10,
                900,
                new Latencies(9_000, 900, 1, 1, 1, 1, 1),
                NONE,
                noErrors,
                1.2,
                new Cost(null, 31.0, List.of()),
                null);
    }

    @Test
    void alignsTheFiguresAndTellsErrorsAndKillsBelow() {
        assertEquals("""
                1000 keys of 1024 bytes, zipfian, bucket bench, 2 nodes

                run     op     ops/s  p50 ms  p95 ms  p99 ms  p99.9 ms  max ms
                A x 64  read    6173    1.50    4.00    8.13     20.00  123.46
                A x 64  write   6173    2.50    5.00    9.50     30.25   40.00
                C x 1   read     900    1.00    1.00    1.00      1.00    1.00

                run     ops/s  errors  longest gap ms  nodes us/op  generator us/op  RSS MiB per node
                A x 64  12346       5             152         70.0             21.3           210 205
                C x 1     900       0               1    not local             31.0         not local

                A x 64, errors: 2 of read no connection, 3 of write 504

                A x 64, node-3 killed: served again after 4.3 s; longest gap without a success 152 ms
                  1000 acknowledged keys read back: 0 lost, 1 stale, 2 failed, 0 invented (7 answered only when asked again)
                """, TextReport.render(new BenchReport(SETTINGS, List.of(mixed(), readsOfFarNodes()))));
    }

    @Test
    void tellsWhatRateWasAskedForAndWhatWasReached() {
        var latencies = new Latencies(5_000, 497.25, 1, 1, 1, 1, 1);
        var cost = new Cost(70.0, 20.0, List.of(210L));
        var run = new RunResult(
                "C", 4, new Rate(500, 497.25, 12), 10, 497.25, latencies, NONE, new TreeMap<>(), 1, cost, null);
        assertTrue(TextReport.render(new BenchReport(SETTINGS, List.of(run))).endsWith("""

                        run, latency from when due  asked ops/s  reached ops/s  not sent
                        C x 4 at 500/s                      500          497.3        12
                        """));
    }

    @Test
    void theCostOfANodeThatEndedIsNotTakenForThatOfAFarOne() {
        var cost = new Cost(null, 20.0, List.of(210L));
        var run = new RunResult("C", 1, null, 10, 0, NONE, NONE, new TreeMap<>(), 1, cost, null);
        assertTrue(TextReport.render(new BenchReport(SETTINGS, List.of(run))).contains("node ended"));
    }
}
