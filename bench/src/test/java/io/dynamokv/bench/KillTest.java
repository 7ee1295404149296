package io.dynamokv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kill mode against a store in this process, whose "node" is a process that does nothing but die and come back. */
class KillTest {
    @TempDir
    private Path directory;

    private final FakeStore store = new FakeStore(1);
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private CompletableFuture<Process> successor = new CompletableFuture<>();
    private final Process node = idle();

    private static Process idle() {
        try {
            return new ProcessBuilder("sleep", "60").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void announce(Process process) {
        String document = """
                {"url": "http://localhost", "nodes": [{"name": "node-1", "http": "%s", "pid": %d}]}
                """.formatted(store.urls().getFirst(), process.pid());
        try {
            Path fresh = Files.writeString(directory.resolve("fresh.json"), document);
            Files.move(fresh, directory.resolve("demo.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() {
        announce(node);
    }

    /** What the demo does when a node has died. */
    private void restartOnDeath(Runnable atDeath) {
        successor = node.onExit().thenApply(dead -> {
            atDeath.run();
            Process next = idle();
            announce(next);
            return next;
        });
    }

    @AfterEach
    void stop() {
        node.destroyForcibly();
        successor.join().destroyForcibly();
        store.close();
    }

    private int run(String mix) throws InterruptedException {
        List<String> words = List.of(("--kill --keys 50 --clients 4 --seconds 0.4 --warmup 0 --mix " + mix
                        + " --demo demo.json --json report.json")
                .replaceAll("(\\S+\\.json)", directory + "/$1")
                .split(" ", -1));
        return Main.run(
                words,
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
    }

    private JsonNode outcome() throws IOException {
        return new ObjectMapper()
                .readTree(directory.resolve("report.json").toFile())
                .at("/runs/0/kill");
    }

    @Test
    void killsTheNodeAndFindsEveryAcknowledgedWrite() throws IOException, InterruptedException {
        restartOnDeath(() -> {});
        assertEquals(0, run("A"), err::toString);
        assertTrue(successor.isDone());
        assertEquals("node-1", outcome().path("node").asText());
        assertEquals(50, outcome().path("keys").asInt());
        assertTrue(outcome().path("clean").asBoolean(), outcome()::toString);
    }

    @Test
    void tellsWhatTheStoreHasForgotten() throws IOException, InterruptedException {
        restartOnDeath(() -> {
            store.forget("key-7");
            store.forget("key-40");
        });
        assertEquals(1, run("C"));
        assertEquals(2, outcome().path("lost").asInt(), outcome()::toString);
        assertEquals(50, outcome().path("keys").asInt());
    }
}
