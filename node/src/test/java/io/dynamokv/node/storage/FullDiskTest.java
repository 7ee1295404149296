package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full or read-only is named as such, loses nothing that was acknowledged, and goes on once it is mended. */
class FullDiskTest {
    @TempDir
    private Path parent;

    @Test
    void aFullDiskIsNamedAndLosesNothing() throws IOException {
        Path mount = Files.createDirectory(parent.resolve("disk"));
        Optional<ChildJvm> started =
                ChildJvm.startWithDisk("12m", mount, parent.resolve("scratch"), SmallDisk.class, mount);
        assumeTrue(started.isPresent(), "this system lets nobody mount a small disk");
        try (var child = started.get()) {
            List<String> lines = child.readToEnd();

            Path node = mount.resolve("node");
            assertSays(
                    lines,
                    "create: DirectoryRefusedException: The disk of " + node + " is full (0 bytes are usable):"
                            + " opening the node's directory failed. Free some space, then start the node again; nothing was"
                            + " discarded.");
            assertSays(lines, "create again: boot 1");
            assertSays(lines, "adopt: StoreException: cannot keep ClusterMap[");
            assertSays(lines, "map kept: true");
            assertSays(lines, "start after adopt: boot 3");
            assertSays(
                    lines, "open: DirectoryRefusedException: The disk of " + mount.resolve("db") + " is full (0 bytes");
            assertSays(lines, "write: cannot ");
            assertSays(lines, "write again: StoreException: refused since an earlier failure: cannot ");
            assertSays(lines, "readable: true");
            assertSays(lines, "survived: true");
            assertSays(lines, "write after reopening: done");
            assertSays(lines, "remount: 0");
            assertSays(lines, "start read-only: DirectoryRefusedException: " + node + " is not writable for user ");
        }
    }

    private static void assertSays(List<String> lines, String beginning) {
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith(beginning)),
                () -> beginning + " is not among " + String.join("\n", lines));
    }
}
