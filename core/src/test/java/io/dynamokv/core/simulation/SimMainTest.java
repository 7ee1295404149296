package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ./dynamokv sim} as a process of its own. */
@Timeout(120)
class SimMainTest {
    private static final String AGAIN = "again: ./dynamokv sim ";

    private record Run(int exit, List<String> lines) {
        String line(String beginning) {
            return lines.stream()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no '" + beginning + "' in " + lines));
        }
    }

    private static Run sim(String... arguments) throws IOException, InterruptedException {
        return ended(begun(arguments));
    }

    private static Process begun(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SimMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Run ended(Process process) throws IOException, InterruptedException {
        List<String> lines = process.inputReader(StandardCharsets.UTF_8).lines().toList();
        return new Run(process.waitFor(), lines);
    }

    /** Whatever is iterated in an order of its own, or hashed by its place in memory, differs from JVM to JVM. */
    @Test
    void theSameSeedsInTwoJvmsPrintOneHash() throws Exception {
        Process first = begun("--seeds", "30", "--seed", "7000");
        Process second = begun("--seeds", "30", "--seed", "7000");
        Run other = sim("--seeds", "30", "--seed", "7001");
        Run one = ended(first);
        Run two = ended(second);

        assertEquals(one.lines(), two.lines());
        String hash = one.line("hash of all that happened: ");
        assertTrue(hash.matches(".*: [0-9a-f]{64}"), hash);
        assertTrue(!hash.equals(other.line("hash of all that happened: ")), "other seeds are another game");
    }

    @Test
    void eachRarePathIsPrintedWithItsCountAndOneThatWasNeverTakenFailsTheRun() throws Exception {
        Run few = sim("--seeds", "2");

        for (Paths.Path path : Paths.Path.values()) {
            assertTrue(
                    few.lines().stream().anyMatch(line -> line.matches(" *[\\d,]+ times \\Q" + path + "\\E")),
                    () -> path + " in " + few.lines());
        }
        assertTrue(few.lines().contains("something of this never happened"), () -> "two seeds take all: " + few);
        assertEquals(1, few.exit());
    }

    @Test
    void aSeedThatFailsPrintsHowToPlayItAgainAndTheLastEvents() throws Exception {
        Run failed = sim("--seeds", "500", "--mistake", "JOIN_OVERWRITES");

        assertEquals(1, failed.exit());
        String named = "seed \\d+: ("
                + String.join(
                        "|",
                        List.of(Invariant.values()).stream()
                                .map(Invariant::name)
                                .toList()) + "): .*";
        assertTrue(failed.line("seed ").matches(named), () -> "what was broken is named: " + failed.line("seed "));
        String again = failed.line(AGAIN);
        Run replayed = sim(again.substring(AGAIN.length()).split(" ", -1));
        assertEquals(1, replayed.exit());
        assertEquals(failed.lines(), replayed.lines());
        assertTrue(
                failed.lines().stream().filter(line -> line.matches("\\d+ .*")).count() > 5,
                "the last events come with it");
    }

    @Test
    void whatIsNoOptionIsNamed() throws Exception {
        assertEquals(2, sim("--sedes", "1").exit());
        assertEquals(2, sim("--seeds", "none").exit());
        assertEquals(2, sim("--mistake", "NO_SUCH").exit());
    }
}
