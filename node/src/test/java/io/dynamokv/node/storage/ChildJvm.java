package io.dynamokv.node.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A main class of the tests in a process of its own, which can be killed, or have a small disk. */
final class ChildJvm implements AutoCloseable {
    /** A child that hangs is killed then, so that its test fails. */
    private static final long SECONDS_MAX = 120;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        output = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param scratch for the native library, which a killed process leaves behind */
    static ChildJvm start(Path scratch, Class<?> main, Object... arguments) throws IOException {
        return start(command(scratch, main, arguments));
    }

    /** The same with a disk of this size at {@code mount}, which only the child sees; empty where the system does not allow that. */
    static Optional<ChildJvm> startWithDisk(String size, Path mount, Path scratch, Class<?> main, Object... arguments)
            throws IOException {
        for (List<String> unshare : List.of(List.of("unshare", "-m"), List.of("unshare", "-r", "-m"))) {
            String script = "mount -t tmpfs -o size=" + size + " tmpfs '" + mount + "' && exec \"$@\"";
            List<String> shell = Stream.concat(unshare.stream(), Stream.of("sh", "-c", script, "sh"))
                    .toList();
            if (succeeds(concat(shell, List.of("true")))) {
                return Optional.of(start(concat(shell, command(scratch, main, arguments))));
            }
        }
        return Optional.empty();
    }

    private static boolean succeeds(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<String> command(Path scratch, Class<?> main, Object... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + Files.createDirectories(scratch),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static ChildJvm start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture.delayedExecutor(SECONDS_MAX, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return new ChildJvm(process);
    }

    long pid() {
        return process.pid();
    }

    /** The next line that it prints. */
    String readLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the child ended");
        }
        return line;
    }

    /** What else it prints until it ends. */
    List<String> readToEnd() throws IOException {
        return output.lines().toList();
    }

    /** SIGKILL; returns when the process is gone. What it printed stays readable, as it would not by the process's own method. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
