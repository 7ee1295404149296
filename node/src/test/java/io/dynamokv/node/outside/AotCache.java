package io.dynamokv.node.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the JVM of one node has loaded and linked, for the many that tests start (JEP 514). It is the demo's file: tests of the launcher and of the operator come
 * later, and their nodes start with it too. Made by a run of all tests only, for it costs as much as it spares a dozen starts.
 */
final class AotCache {
    private static final String TO_BE_MADE = "dynamokv.train-nodes";
    private static final Path CACHE = Path.of("target/node.aot").toAbsolutePath();
    private static final String HOST = "127.0.0.250";

    private static @Nullable List<String> options;

    private AotCache() {}

    /** The options of Java for a node of this jar; none if there is no cache of it. */
    static synchronized List<String> ofTheNode(Path jar) throws IOException {
        if (options == null) {
            if (!isOf(jar) && Boolean.getBoolean(TO_BE_MADE)) {
                make();
            }
            options = isOf(jar) ? List.of("-XX:AOTCache=" + CACHE) : List.of();
        }
        return options;
    }

    private static boolean isOf(Path jar) throws IOException {
        return Files.exists(CACHE) && Files.getLastModifiedTime(CACHE).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    }

    /** One that is cut short leaves none that looks whole. */
    private static void make() throws IOException {
        Path unfinished = CACHE.resolveSibling("node.aot.unfinished");
        try (NodeUnderTest node =
                NodeUnderTest.startTraining(HOST, CACHE.resolveSibling("training-of-tests"), unfinished)) {
            node.awaitOpen();
            node.stop();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while a node is trained", e);
        }
        Files.move(unfinished, CACHE, StandardCopyOption.ATOMIC_MOVE);
    }
}
