package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * One processor of this machine for the nodes of a test and the others for the test itself, so that what the nodes can do is not what a flood leaves
 * them. Until it is closed; where there is no taskset, or a single processor, everybody has them all.
 */
final class Processors implements AutoCloseable {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final String all;
    private final boolean split;

    private Processors(String all, boolean split) {
        this.all = all;
        this.split = split;
    }

    static Processors split(List<NodeUnderTest> nodes) throws IOException {
        if (!Files.isExecutable(TASKSET) || Runtime.getRuntime().availableProcessors() < 2) {
            return new Processors("", false);
        }
        String all = allowed();
        String first = all.replaceAll("\\D.*", "");
        long[] pids = nodes.stream().mapToLong(NodeUnderTest::pid).toArray();
        give(first, pids);
        give(without(first, all), ProcessHandle.current().pid());
        return new Processors(all, true);
    }

    /** {@code 0-3} and {@code 0,2-3} are 1-3 and 2-3 without their first. */
    private static String without(String first, String all) {
        String rest = all.substring(first.length());
        return rest.startsWith("-") ? Integer.parseInt(first) + 1 + rest : rest.substring(1);
    }

    private static String allowed() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(ALLOWED))
                .findFirst()
                .orElseThrow()
                .substring(ALLOWED.length())
                .strip();
    }

    private static void give(String processors, long... pids) throws IOException {
        for (String pid : LongStream.of(pids).mapToObj(Long::toString).toList()) {
            Process taskset = new ProcessBuilder(TASKSET.toString(), "-a", "-p", "-c", processors, pid)
                    .redirectErrorStream(true)
                    .start();
            String said = new String(taskset.getInputStream().readAllBytes(), UTF_8);
            if (ended(taskset) != 0) {
                throw new IOException("taskset: " + said);
            }
        }
    }

    private static int ended(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while processors are given out", e);
        }
    }

    boolean areSplit() {
        return split;
    }

    @Override
    public void close() throws IOException {
        if (split) {
            give(all, ProcessHandle.current().pid());
        }
    }
}
