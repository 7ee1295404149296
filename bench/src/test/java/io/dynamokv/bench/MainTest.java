package io.dynamokv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command against a store in this process. */
class MainTest {
    private static final String PID = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(FakeStore store, String... more) throws InterruptedException {
        var words = new ArrayList<>(List.of("--targets", String.join(",", store.urls())));
        words.addAll(List.of("--keys", "50", "--clients", "4", "--seconds", "0.2", "--warmup", "0"));
        words.addAll(List.of("--json", json().toString()));
        words.addAll(List.of(more));
        return run(words);
    }

    private int run(List<String> words) throws InterruptedException {
        return Main.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
    }

    private Path json() {
        return directory.resolve("report.json");
    }

    private JsonNode runs() throws IOException {
        return new ObjectMapper().readTree(json().toFile()).path("runs");
    }

    @Test
    void measuresEachMixWithEachNumberOfClients() throws IOException, InterruptedException {
        try (var store = new FakeStore(2)) {
            assertEquals(0, run(store, "--mix", "A,C,W", "--pids", PID), err::toString);
        }
        assertEquals(3, runs().size());
        assertTrue(runs().get(0).at("/reads/count").asLong() > 0);
        assertTrue(runs().get(0).at("/writes/count").asLong() > 0);
        assertEquals(0, runs().get(1).at("/writes/count").asLong());
        assertEquals(0, runs().get(2).at("/reads/count").asLong());
        for (JsonNode run : runs()) {
            assertTrue(run.path("errors").isEmpty(), run::toString);
            assertTrue(run.at("/cost/residentMebibytes/0").asLong() > 0, run::toString);
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("A x 4"), out::toString);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("50 keys loaded"), err::toString);
    }

    @Test
    void writesWithTheContextOfAReadWhenSiblingsAreKept() throws IOException, InterruptedException {
        try (var store = new FakeStore(1).wantingContexts()) {
            assertEquals(0, run(store, "--siblings", "--mix", "W"), err::toString);
            assertEquals(0, run(store, "--siblings", "--mix", "W"), "once more over what is there");
        }
        JsonNode run = runs().get(0);
        assertTrue(run.path("errors").isEmpty(), run::toString);
        assertTrue(run.at("/writes/count").asLong() > 0);
        assertTrue(run.at("/reads/count").asLong() > 0);
    }

    @Test
    void countsErrorsAndGoesOn() throws IOException, InterruptedException {
        try (var store = new FakeStore(1).unsureFromWrite(50)) {
            assertEquals(0, run(store, "--mix", "W"), err::toString);
        }
        JsonNode run = runs().get(0);
        assertTrue(run.at("/errors/write 504").asLong() > 0, run::toString);
        assertTrue(run.at("/writes/count").asLong() > 0, run::toString);
    }

    @Test
    void aValueThatIsNotTheKeysIsAnErrorOfTheStore() throws IOException, InterruptedException {
        try (var store =
                new FakeStore(1).changingWhatIsRead(value -> value.copy().setByte(500, (byte) '~'))) {
            assertEquals(1, run(store, "--mix", "C"));
        }
        assertTrue(runs().get(0).at("/errors/read wrong value").asLong() > 0);
    }

    @Test
    void aNodeThatIsNotThereIsLeftToTheOthers() throws IOException, InterruptedException {
        String gone;
        try (var closed = new FakeStore(1)) {
            gone = closed.urls().getFirst();
        }
        try (var store = new FakeStore(1)) {
            assertEquals(0, run(store, "--mix", "A"), err::toString);
            var words = new ArrayList<>(
                    List.of("--targets", gone + "," + store.urls().getFirst()));
            words.addAll(List.of("--no-load", "--keys", "50", "--clients", "4", "--seconds", "0.2", "--warmup", "0"));
            words.addAll(List.of("--json", json().toString(), "--mix", "C"));
            assertEquals(0, run(words), err::toString);
        }
        JsonNode run = runs().get(0);
        assertTrue(run.at("/errors/read no connection").asLong() < 20, run::toString);
        assertTrue(run.at("/reads/count").asLong() > 20, run::toString);
    }

    @Test
    void asksAtTheRateThatIsAskedForAndCountsEveryOperationThatWasDue() throws IOException, InterruptedException {
        try (var store = new FakeStore(2)) {
            assertEquals(0, run(store, "--mix", "A", "--rate", "500"), err::toString);
        }
        JsonNode run = runs().get(0);
        assertEquals(500, run.at("/rate/askedPerSecond").asInt());
        assertTrue(run.path("errors").isEmpty(), run::toString);
        assertEquals(500 * run.path("seconds").asDouble(), fates(run), 1, run::toString);
        assertEquals(
                run.path("operationsPerSecond").asDouble(),
                run.at("/rate/reachedPerSecond").asDouble());
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("A x 4 at 500/s"), out::toString);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("A x 4 at 500/s"), err::toString);
    }

    /** What became of the operations that were due in the measured time. */
    private static double fates(JsonNode run) {
        double errors = 0;
        for (JsonNode kind : run.path("errors")) {
            errors += kind.asDouble();
        }
        return run.at("/reads/count").asDouble()
                + run.at("/writes/count").asDouble()
                + run.at("/rate/notSent").asDouble()
                + errors;
    }

    @Test
    void aStoreThatStandsStillIsSeenByAllThatWasDueMeanwhile() throws IOException, InterruptedException {
        try (var store = new FakeStore(1).pausingOnce(Duration.ofSeconds(1))) {
            assertEquals(0, readAtRate(200, "1.5", store.urls().getFirst(), "--warmup=0"), err::toString);
        }
        JsonNode run = runs().get(0);
        assertEquals(200 * run.path("seconds").asDouble(), fates(run), 1, run::toString);
        // A closed loop would have one slow answer, if that, among some thousand. Here two thirds of all that was due
        // met the pause.
        assertTrue(run.at("/reads/p95Millis").asDouble() >= 250, run::toString);
    }

    @Test
    void whatCouldNotBeSentIsCounted() throws IOException, InterruptedException {
        String gone;
        try (var closed = new FakeStore(1)) {
            gone = closed.urls().getFirst();
        }
        assertEquals(1, readAtRate(100, "0.5", gone, "--no-load", "--warmup=0"), "nothing succeeded");
        JsonNode run = runs().get(0);
        assertTrue(run.at("/rate/notSent").asLong() > 0, run::toString);
        assertEquals(100 * run.path("seconds").asDouble(), fates(run), 1, run::toString);
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("not sent"), out::toString);
    }

    /** One client, so that what is due waits for it. */
    private int readAtRate(int perSecond, String seconds, String url, String... more) throws InterruptedException {
        var words = new ArrayList<>(List.of(
                "--targets=" + url,
                "--rate=" + perSecond,
                "--seconds=" + seconds,
                "--json=" + json(),
                "--mix=C",
                "--keys=50",
                "--clients=1"));
        words.addAll(List.of(more));
        return run(words);
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() throws InterruptedException {
        assertEquals(2, run(List.of("--keys", "5")));
        assertEquals("Give either --demo FILE or --targets URL,URL\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void saysThatThereIsNoDemo() throws InterruptedException {
        Path missing = directory.resolve("demo.json");
        assertEquals(1, run(List.of("--demo", missing.toString())));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(missing.toString()), err::toString);
    }

    @Test
    void helpGoesToStandardOutput() throws InterruptedException {
        assertEquals(0, run(List.of("--help")));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("--value-bytes"));
    }
}
