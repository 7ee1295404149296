package io.dynamokv.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
public final class Commands {
    private static final long MINUTES_MAX = 10;

    /** @param output what it wrote, errors included */
    public record Result(int code, String output) {}

    private final Path directory;
    private final Map<String, String> environment;

    public Commands(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = Map.copyOf(environment);
    }

    public Result run(List<String> command) {
        try {
            Path output = Files.createTempFile("dynamokv-e2e", ".out");
            try {
                return new Result(
                        wait(start(command, output), command), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    private Process start(List<String> command, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static int wait(Process process, List<String> command) {
        try {
            if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new FailedException("not over after " + MINUTES_MAX + " minutes: " + String.join(" ", command));
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted: " + String.join(" ", command), e);
        }
    }

    /** @return what it wrote */
    public String must(List<String> command) {
        Result result = run(command);
        if (result.code() != 0) {
            throw new FailedException(
                    String.join(" ", command) + " ended with " + result.code() + ":\n" + result.output());
        }
        return result.output();
    }
}
