package io.dynamokv.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonReportTest {
    @Test
    void showsTheRecordsAsTheyAreWithNullForWhatIsNotKnown() throws JsonProcessingException {
        var settings = new BenchReport.Settings(List.of("http://a:1"), "bench", true, 10, 64, "uniform");
        var latencies = new Latencies(5, 0.5, 1, 2, 3, 4, 5);
        var run = new RunResult(
                "A",
                2,
                new Rate(40, 38.5, 3),
                10,
                1,
                latencies,
                latencies,
                new TreeMap<>(Map.of("read 503", 1L)),
                7.5,
                new Cost(null, 21.5, List.of()),
                null);
        String expected = """
                {"settings": {"targets": ["http://a:1"], "bucket": "bench", "siblings": true, "keys": 10,
                    "valueBytes": 64, "distribution": "uniform"},
                 "runs": [{"mix": "A", "clients": 2, "rate": {"askedPerSecond": 40, "reachedPerSecond": 38.5, "notSent": 3}, "seconds": 10.0, "operationsPerSecond": 1.0,
                    "reads": {"count": 5, "perSecond": 0.5, "p50Millis": 1.0, "p95Millis": 2.0, "p99Millis": 3.0,
                        "p999Millis": 4.0, "maxMillis": 5.0},
                    "writes": {"count": 5, "perSecond": 0.5, "p50Millis": 1.0, "p95Millis": 2.0, "p99Millis": 3.0,
                        "p999Millis": 4.0, "maxMillis": 5.0},
                    "errors": {"read 503": 1}, "longestGapMillis": 7.5,
                    "cost": {"nodesMicrosPerOperation": null, "generatorMicrosPerOperation": 21.5,
                        "residentMebibytes": []},
                    "kill": null}]}
                """;
        var json = new ObjectMapper();
        assertEquals(
                json.readTree(expected), json.readTree(JsonReport.render(new BenchReport(settings, List.of(run)))));
    }
}
