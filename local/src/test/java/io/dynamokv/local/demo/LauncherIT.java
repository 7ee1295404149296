package io.dynamokv.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.local.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a person meets it: it says what is wrong, leaves nothing behind, and finds its data again. */
class LauncherIT {
    private static final int REFUSED_SECONDS_MAX = 30;

    @TempDir
    private Path directory;

    private Path demo() {
        return directory.resolve("demo");
    }

    @Test
    void dataIsThereAgainAfterARestartAndGoneAfterFresh() throws IOException, InterruptedException {
        try (var first = Launcher.start(demo())) {
            assertEquals(
                    204,
                    Api.balancer(first).put("b/k", "kept", Optional.empty()).status());
        }
        try (var second = Launcher.start(demo())) {
            assertEquals("kept", Api.balancer(second).get("b/k").body());
        }
        try (var fresh = Launcher.start(demo(), "--fresh")) {
            assertEquals(404, Api.balancer(fresh).get("b/k").status());
        }
    }

    @Test
    void aKilledLauncherLeavesNoProcessBehind() throws IOException, InterruptedException {
        Launcher launcher = Launcher.start(demo());
        List<Long> pids = launcher.demo().nodes().stream()
                .map(DemoDirectory.NodeDocument::pid)
                .toList();
        launcher.process().destroyForcibly().waitFor();

        Waiting.until(
                Duration.ofSeconds(20), "the nodes to end", () -> pids.stream().noneMatch(Launcher::isAlive));
    }

    @Test
    void aStoppedNodeDoesNotKeepTheLauncherFromStopping() throws IOException, InterruptedException {
        long pid;
        try (var launcher = Launcher.start(demo(), "--no-restart")) {
            pid = launcher.node(1).pid();
            launcher.signal("STOP", pid);
        }
        assertTrue(!Launcher.isAlive(pid), "node-1 is left behind");
    }

    @Test
    void aSecondDemoInTheSameDirectoryIsRefused() throws IOException, InterruptedException {
        try (var launcher = Launcher.start(demo())) {
            assertRefused(Launcher.begin(demo(), Launcher.freePort()), "another demo runs in " + demo());
            assertRefused(
                    Launcher.begin(directory.resolve("elsewhere"), Launcher.freePort()),
                    "node-1 needs 127.0.0.11:8080");
            assertEquals(3, launcher.demo().nodes().size());
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException, InterruptedException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertRefused(
                    Launcher.begin(demo(), taken.getLocalPort()), "port " + taken.getLocalPort() + " cannot be had");
        }
    }

    @Test
    void aDirectoryWithOtherThingsIsNotTouched() throws IOException, InterruptedException {
        Files.createDirectories(demo());
        Path photo = Files.writeString(demo().resolve("photo.jpg"), "irreplaceable");

        assertRefused(Launcher.begin(demo(), Launcher.freePort(), "--fresh"), "is not empty and holds no demo");
        assertEquals("irreplaceable", Files.readString(photo));
    }

    @Test
    void aWrongOptionIsNamed() throws IOException, InterruptedException {
        assertRefused(
                Launcher.begin(demo(), Launcher.freePort(), "--nodes", "12"),
                "--nodes must be a number from 1 to 9, was '12'");
        assertRefused(Launcher.begin(demo(), Launcher.freePort(), "--sudo"), "unknown option --sudo");
    }

    private static void assertRefused(Launcher launcher, String why) throws InterruptedException {
        assertTrue(launcher.process().waitFor(REFUSED_SECONDS_MAX, TimeUnit.SECONDS), "it is still running");
        assertEquals(1, launcher.process().exitValue());
        assertTrue(launcher.said().contains(why), launcher.said());
    }
}
