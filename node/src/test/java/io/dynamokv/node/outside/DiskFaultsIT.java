package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.ClusterMap;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The disk of one of three real nodes fails under load (N=3, R=2, W=2, synced): its log is damaged, its directory is gone, it is full. The other two serve on,
 * and in the end every node has all that was acknowledged. Each test leaves three whole nodes.
 */
@Isolated("no other test may keep a healthy node from answering in time")
class DiskFaultsIT {
    private static final int STORAGE_BROKEN = 74;
    private static final int UNUSABLE = 78;
    private static final int KEYS = 20;
    private static final int LARGE_BYTES = 256 << 10;

    @TempDir
    private static Path directory;

    private static final List<NodeUnderTest> ALL = new ArrayList<>();
    private static Optional<MountedDisk> disk = Optional.empty();
    private static ClusterMap map;
    private static NodeUnderTest one;
    private static NodeUnderTest two;
    /** The one whose disk fails. */
    private static NodeUnderTest three;

    @BeforeAll
    static void start() throws Exception {
        Path mount = directory.resolve("disk");
        disk = MountedDisk.mount(mount, "64m");
        String data = "dynamokv.data-dir=" + mount.resolve("data");
        Path place = directory.resolve("node-3");
        one = NodeUnderTest.start("127.0.0.121", directory.resolve("node-1"));
        two = NodeUnderTest.start("127.0.0.122", directory.resolve("node-2"));
        three = disk.isPresent()
                ? NodeUnderTest.startOn(disk.get(), "127.0.0.123", place, data)
                : NodeUnderTest.start("127.0.0.123", place, data);
        ALL.addAll(List.of(one, two, three));
        for (NodeUnderTest node : ALL) {
            node.awaitOpen();
        }
        map = Cluster.join(ALL);
        Cluster.awaitAlive(ALL);
    }

    @AfterAll
    static void stop() throws IOException {
        for (NodeUnderTest node : ALL) {
            node.close();
        }
        ALL.clear();
        disk.ifPresent(MountedDisk::close);
    }

    /** Of the third node, as this process can reach it. */
    private static Path data() {
        return disk.map(MountedDisk::root).orElse(directory.resolve("disk")).resolve("data");
    }

    private interface Damage {
        void doTo(RandomAccessFile log) throws IOException;
    }

    @Test
    void d2_aNodeThatLostTheEndOfItsLogLosesNoAcknowledgedWrite() throws Exception {
        aNodeWithADamagedLogLosesNothing("cut-off", log -> log.setLength(log.length() / 2));
    }

    @Test
    void d2_aNodeWithGarbageInItsLogLosesNoAcknowledgedWrite() throws Exception {
        aNodeWithADamagedLogLosesNothing("garbage", log -> {
            log.seek(log.length() / 2);
            log.write(new byte[] {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55});
        });

        assertTrue(three.logText().contains("cannot be read and is dropped"), three::logText);
    }

    private static void aNodeWithADamagedLogLosesNothing(String name, Damage damage) throws Exception {
        double pushedBefore = pushed();
        var missed = new AtomicInteger();
        Load load = Load.through(
                name, ALL, List.of(one, two), running -> missed.set(damageTheLog(running, name, damage)), _ -> {
                    three.await("all pairs compared", () -> three.metric("dynamokv_exchanges_owed") == 0);
                    assertTrue(movedSince(pushedBefore) > 0, three::logText);
                });
        for (int i = 0; i < KEYS; i++) {
            assertEquals(Set.of("before", "after"), versions(one.get(path(name, i) + "?r=3")));
        }
        assertAllHaveAll(load);
        double moved = movedSince(pushedBefore);
        assertTrue(moved > missed.get(), moved + " records were moved, so nothing was lost, but " + missed + " missed");
    }

    /** @return how many writes it missed while it was down */
    private static int damageTheLog(Load load, String name, Damage damage) throws Exception {
        for (int i = 0; i < KEYS; i++) {
            assertEquals(204, three.put(path(name, i) + "?w=3", "before").statusCode());
        }
        three.kill();
        int acknowledged = load.acknowledged();
        try (var log = new RandomAccessFile(newestLog().toFile(), "rw")) {
            damage.doTo(log);
        }
        load.awaitServed(Load.SOME, List.of(one, two));

        three.startAgain();
        three.awaitServing();
        int missed = load.acknowledged() - acknowledged;
        for (int i = 0; i < KEYS; i++) {
            putAtThree(path(name, i), "after", name + i);
        }
        return missed;
    }

    private static double movedSince(double pushedBefore) throws Exception {
        return three.metric("dynamokv_exchanges_records_pulled_total") + pushed() - pushedBefore;
    }

    private static Path newestLog() throws IOException {
        try (Stream<Path> files = Files.list(data().resolve("db"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private static double pushed() throws Exception {
        return one.metric("dynamokv_exchanges_records_pushed_total")
                + two.metric("dynamokv_exchanges_records_pushed_total");
    }

    /** It may not see the others yet. What is repeated under one id is one version (rule W4). */
    private static void putAtThree(String path, String value, String requestId) throws Exception {
        three.await(
                "a write",
                () -> three.put(path, value, OneNode.REQUEST_ID, requestId).statusCode() == 204);
    }

    private static Set<String> versions(HttpResponse<byte[]> answer) throws IOException {
        assertEquals(300, answer.statusCode(), () -> new String(answer.body(), UTF_8));
        var versions = new TreeSet<String>();
        for (JsonNode version : NodeUnderTest.JSON.readTree(answer.body()).path("versions")) {
            versions.add(
                    new String(Base64.getDecoder().decode(version.path("value").asText()), UTF_8));
        }
        return versions;
    }

    private static String path(String name, int key) {
        return "/v1/kv/carts/" + name + "-" + key;
    }

    @Test
    void n1_aNodeWhoseDirectoryWasDeletedWhileItWasDownIsAnotherNodeAndIsFilledWhenItReplacesTheOld() throws Exception {
        UUID before = three.id();
        assertAllHaveAll(Load.through(
                "deleted",
                ALL,
                List.of(one, two),
                _ -> {
                    three.kill();
                    delete(data());
                    startAgainAsNobody(before);
                },
                _ -> replace(before)));
    }

    /** What a process writes to files that have no names any more is gone with it, so it must not go on confirming writes. */
    @Test
    void n1_aNodeWhoseDirectoryIsDeletedUnderItStops() throws Exception {
        UUID before = three.id();
        assertAllHaveAll(Load.through(
                "removed",
                ALL,
                List.of(one, two),
                load -> {
                    delete(data());
                    assertEquals(STORAGE_BROKEN, three.awaitExit(), three::logText);
                    assertTrue(three.logText().contains("was removed, or another took its place"), three::logText);
                    load.awaitServed(Load.SOME, List.of(one, two));
                    startAgainAsNobody(before);
                },
                _ -> replace(before)));
    }

    /** It has a new id, and neither answers clients nor votes. */
    private static void startAgainAsNobody(UUID before) throws Exception {
        three.startAgain();
        three.awaitOpen();
        assertNotEquals(before, three.id());
        assertEquals("empty", three.status().path("state").asText());
        HttpResponse<byte[]> answer = three.get("/v1/kv/carts/any?r=1");
        assertEquals(503, answer.statusCode());
        assertTrue(new String(answer.body(), UTF_8).contains("not-serving"));
        for (NodeUnderTest other : List.of(one, two)) {
            other.await("one peer down", () -> other.metric("dynamokv_peers_down") == 1);
        }
    }

    private static void replace(UUID gone) throws Exception {
        map = Cluster.replace(map, new NodeId(gone), three);
        Cluster.join(map, ALL);
        three.awaitServing();
        for (NodeUnderTest other : List.of(one, two)) {
            other.await("nobody down", () -> other.metric("dynamokv_peers_down") == 0);
        }
    }

    @Test
    void aNodeWithAFullDiskRefusesThenStopsAndGoesOnWhenThereIsRoom() throws Exception {
        assumeTrue(disk.isPresent(), "this system lets nobody mount a small disk");
        MountedDisk small = disk.get();
        List<String> large = new ArrayList<>();
        assertAllHaveAll(Load.through(
                "full",
                ALL,
                List.of(one, two),
                _ -> {
                    small.fill();
                    three.await("a refusal", () -> problemAtThree().contains("disk-nearly-full"));
                    three.await("the end of the node", () -> {
                        String path = "/v1/kv/carts/large-" + large.size();
                        assertEquals(204, one.put(path, "x".repeat(LARGE_BYTES)).statusCode());
                        large.add(path);
                        return !three.isAlive();
                    });
                    assertEquals(STORAGE_BROKEN, three.awaitExit(), three::logText);
                    small.fill();
                    three.startAgain();
                    assertEquals(UNUSABLE, three.awaitExit(), three::logText);
                    assertTrue(three.logText().contains("Cannot start: The disk of"), three::logText);
                },
                _ -> {
                    small.free();
                    three.startAgain();
                    three.awaitServing();
                }));
        for (String path : large) {
            assertEquals(LARGE_BYTES, three.get(path + "?r=1").body().length);
            NodeUnderTest.send(one.client(path + "?w=3").DELETE());
        }
    }

    /** Nothing is written meanwhile that would fill it further. */
    @Test
    void w6_fromItsLimitOnANodeRefusesPutsAndNothingElse() throws Exception {
        assumeTrue(disk.isPresent(), "this system lets nobody mount a small disk");
        MountedDisk small = disk.get();
        assertEquals(204, three.put(path("kept", 0), "milk").statusCode());
        three.await("no refusal", () -> problemAtThree().isEmpty());

        small.fillTo(92);

        three.await("a refusal", () -> problemAtThree().contains("urn:dynamokv:problem:disk-nearly-full"));
        int usedPercent = three.status().path("disk").path("usedPercent").asInt();
        assertTrue(usedPercent >= 90 && usedPercent < 95, usedPercent + " % are used");
        assertEquals("milk", new String(three.get(path("kept", 0)).body(), UTF_8));
        assertEquals(204, one.put(path("kept", 1) + "?w=3", "eggs").statusCode(), "as a replica it takes it");
        assertEquals(
                204, NodeUnderTest.send(three.client(path("kept", 0)).DELETE()).statusCode());
        assertTrue(three.logText().contains("The disk is nearly full: "), three::logText);
        small.free();
        three.await("no refusal", () -> problemAtThree().isEmpty());
        assertTrue(three.logText().contains("The disk has room again: "), three::logText);
    }

    private static String problemAtThree() throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = three.put("/v1/kv/carts/while-full", "x");
        return answer.statusCode() == 503 ? new String(answer.body(), UTF_8) : "";
    }

    /** By themselves: nobody asks for a repair. */
    private static void assertAllHaveAll(Load load) throws Exception {
        Cluster.awaitAlive(ALL);
        Cluster.awaitCompared(ALL);
        assertEquals(List.of(), load.wrong());
        for (NodeUnderTest node : ALL) {
            assertEquals(List.of(), load.differences(node), node::logText);
        }
    }

    /** Also under a node that makes new files meanwhile. */
    private static void delete(Path tree) throws IOException {
        while (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (DirectoryNotEmptyException | UncheckedIOException e) {
                Thread.onSpinWait();
            }
        }
    }
}
