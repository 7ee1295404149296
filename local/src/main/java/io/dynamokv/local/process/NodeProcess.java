package io.dynamokv.local.process;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of one node. Its standard input is a pipe from this process, and it ends when the pipe closes, so that it ends even when this process
 * is killed.
 */
public final class NodeProcess {
    private static final int LOG_LINES = 5;

    /** Where RocksDB unpacks its library, 17 MB; in the machine's temporary directory every killed node would leave one more. */
    private static final String NATIVE_LIBRARY_DIRECTORY = "ROCKSDB_SHAREDLIB_DIR";

    private final NodeSpec spec;
    private final Process process;
    private final long startedNanos = System.nanoTime();

    private NodeProcess(NodeSpec spec, Process process) {
        this.spec = spec;
        this.process = process;
    }

    public static NodeProcess start(NodeSpec spec) throws IOException {
        Files.createDirectories(spec.directory());
        var builder = new ProcessBuilder(spec.command())
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.environment()
                .put(NATIVE_LIBRARY_DIRECTORY, spec.directory().toAbsolutePath().toString());
        builder.environment().putAll(spec.environment());
        return new NodeProcess(spec, builder.start());
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int exitCode() {
        return process.exitValue();
    }

    long livedMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos);
    }

    void onExit(Runnable action) {
        var _ = process.onExit().thenRun(action);
    }

    /** SIGTERM. */
    public void askToStop() {
        process.destroy();
    }

    public void kill() {
        process.destroyForcibly();
    }

    /** SIGKILL after the grace; a stopped process does not hear SIGTERM. */
    void stopWithin(long graceMillis) throws InterruptedException {
        if (!process.waitFor(graceMillis, TimeUnit.MILLISECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /** The end of its log, for a person who wonders why it died. */
    List<String> lastLogLines() throws IOException {
        List<String> lines = Files.exists(spec.log()) ? Files.readAllLines(spec.log()) : List.of();
        return lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size());
    }
}
