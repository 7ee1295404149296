package io.dynamokv.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.local.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Real nodes under load that are killed and stopped: what people were promised holds (N=3, R=2, W=2, synced). */
@Isolated("it has a stopwatch, and its nodes the addresses of any demo")
class FaultsIT {
    private static final Duration BACK_WITHIN = Duration.ofSeconds(40);
    private static final int WRITERS = 4;
    private static final int READERS = 4;

    @TempDir
    private static Path directory;

    private static Launcher launcher;

    @BeforeAll
    static void start() throws IOException {
        launcher = Launcher.start(directory.resolve("demo"));
    }

    @AfterAll
    static void stop() throws IOException {
        launcher.close();
    }

    @Test
    void aValuePutAtOneNodeIsReadAtTheOthers() throws IOException, InterruptedException {
        assertEquals(
                204,
                Api.node(launcher.node(1))
                        .put("b/everywhere", "milk", Optional.empty())
                        .status());

        for (int number : List.of(1, 2, 3)) {
            assertEquals(
                    "milk", Api.node(launcher.node(number)).get("b/everywhere").body());
        }
    }

    /** Rules D1 and D4; Dynamo 4.4. */
    @Test
    void twoPutsWithOneContextAreSiblingsUntilAMergeReplacesThem() throws IOException, InterruptedException {
        Api one = Api.node(launcher.node(1));
        Api two = Api.node(launcher.node(2));
        one.put("b/cart", "milk", Optional.empty());
        Optional<String> context = one.get("b/cart").context();
        assertEquals(204, one.put("b/cart", "milk, eggs", context).status());
        assertEquals(204, two.put("b/cart", "milk, bread", context).status());

        Api.Reply both = Api.node(launcher.node(3)).get("b/cart");
        assertEquals(300, both.status());
        assertEquals(2, both.body().split("\"value\"", -1).length - 1, both.body());

        assertEquals(204, two.put("b/cart", "milk, eggs, bread", both.context()).status());
        assertEquals("milk, eggs, bread", one.get("b/cart").body());
    }

    /** Rules W3 and W4: writes that were under way at it are sent to another node, and are one version each. */
    @Test
    void aKilledNodeCostsNoClientARequestAndServesAgainAfterItsRestart() throws IOException, InterruptedException {
        long pid = launcher.node(3).pid();
        Load load = Load.start(Api.balancer(launcher), "killed", WRITERS, READERS);
        try (load) {
            awaitMore(load, 200);
            launcher.signal("KILL", pid);
            awaitMore(load, 200);
            awaitServing(3, pid);
            awaitMore(load, 200);
        }

        assertServed(load);
        assertEquals(List.of(), load.lost(Api.node(launcher.node(3))));
    }

    /** What it turns away while it stops was not begun: the balancer asks another node. */
    @Test
    void aNodeThatIsToldToStopCostsNoClientARequest() throws IOException, InterruptedException {
        Load load = Load.start(Api.balancer(launcher), "told", WRITERS, READERS);
        try (load) {
            for (int number : List.of(1, 3)) {
                long pid = launcher.node(number).pid();
                awaitMore(load, 100);
                launcher.signal("TERM", pid);
                awaitServing(number, pid);
            }
        }

        assertServed(load);
    }

    /** It wakes up with writes that others have carried out meanwhile, and carries them out as well. */
    @Test
    void aStoppedNodeCostsNoClientARequestAndGoesOnWhenItIsContinued() throws IOException, InterruptedException {
        long pid = launcher.node(2).pid();
        Load load = Load.start(Api.balancer(launcher), "stopped", WRITERS, READERS);
        try (load) {
            awaitMore(load, 200);
            launcher.signal("STOP", pid);
            awaitMore(load, 400);
            launcher.signal("CONT", pid);
            awaitMore(load, 200);
        }

        assertServed(load);
        Waiting.until(BACK_WITHIN, "node-2 to serve", () -> serves(2));
        assertEquals(List.of(), load.lost(Api.node(launcher.node(2))));
    }

    /** Rule W3: unknown while a write may have been stored somewhere, refused once it is known that it cannot be. */
    @Test
    void withTwoNodesDeadReadsAreRefusedAndWritesUnknownThenRefused() throws IOException, InterruptedException {
        Api one = Api.node(launcher.node(1));
        one.put("b/lonely", "milk", Optional.empty());
        List<Long> pids = List.of(launcher.node(2).pid(), launcher.node(3).pid());
        for (long pid : pids) {
            launcher.signal("KILL", pid);
        }

        List<Integer> writes = new ArrayList<>();
        Waiting.until(Duration.ofSeconds(2), "writes to be refused", () -> {
            Api.Reply reply = reply(() -> one.put("b/lonely-write", "eggs", Optional.empty()));
            assertTrue(reply.millis() < Load.LONGEST_MILLIS, reply.toString());
            writes.add(reply.status());
            return reply.status() == 503;
        });
        Api.Reply read = one.get("b/lonely");

        assertTrue(writes.stream().allMatch(status -> status == 504 || status == 503), writes.toString());
        assertEquals(503, read.status());
        assertTrue(read.body().contains("\"votesNeeded\":2,\"votesReceived\":1"), read.body());
        awaitServing(2, pids.get(0));
        awaitServing(3, pids.get(1));
        Waiting.until(
                BACK_WITHIN,
                "the value to be read again",
                () -> reply(() -> one.get("b/lonely")).status() == 200);
    }

    @Test
    void allNodesKilledAtOnceLoseNothing() throws IOException, InterruptedException {
        Load load = Load.start(Api.balancer(launcher), "all", WRITERS, 0);
        List<Long> pids = List.of(
                launcher.node(1).pid(), launcher.node(2).pid(), launcher.node(3).pid());
        try (load) {
            awaitMore(load, 300);
            for (long pid : pids) {
                launcher.signal("KILL", pid);
            }
        }
        for (int number : List.of(1, 2, 3)) {
            awaitServing(number, pids.get(number - 1));
        }

        Api one = Api.node(launcher.node(1));
        Waiting.until(
                BACK_WITHIN,
                "node-1 to reach a quorum",
                () -> reply(() -> one.get("load/all-0-0")).status() == 200);
        assertEquals(List.of(), load.lost(one));
    }

    /** Every request succeeded, in time, and every write is there once: two copies of one that the balancer sent twice would be read as 300. */
    private static void assertServed(Load load) throws IOException, InterruptedException {
        assertEquals(List.of(), load.failures());
        assertEquals(List.of(), load.unknown());
        assertEquals(List.of(), load.lost(Api.balancer(launcher)));
        assertEquals(List.of(), load.slow());
        assertFalse(load.reads() == 0, "nothing was read");
        assertFalse(load.deleted() == 0, "nothing was deleted");
    }

    private static void awaitMore(Load load, int writes) {
        int from = load.written();
        Waiting.until(Duration.ofSeconds(30), writes + " more writes", () -> load.written() >= from + writes);
    }

    private static void awaitServing(int number, long formerPid) {
        Waiting.until(
                BACK_WITHIN,
                "node-" + number + " to be back",
                () -> launcher.node(number).pid() != formerPid && serves(number));
    }

    private static boolean serves(int number) {
        try {
            return Api.node(launcher.node(number)).get("b/is-it-there").status() == 404;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private interface Asking {
        Api.Reply ask() throws IOException, InterruptedException;
    }

    private static Api.Reply reply(Asking asking) {
        try {
            return asking.ask();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
