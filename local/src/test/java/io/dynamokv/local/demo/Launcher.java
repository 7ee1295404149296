package io.dynamokv.local.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.local.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real launcher in a process of its own, as a person starts it, with its real nodes. */
final class Launcher implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(90);

    private final Path directory;
    private final Process process;
    private final Path output;
    private final ObjectMapper json = new ObjectMapper();

    private Launcher(Path directory, Process process, Path output) {
        this.directory = directory;
        this.process = process;
        this.output = output;
    }

    /** Starts it and waits until it serves. */
    static Launcher start(Path directory, String... options) throws IOException {
        Launcher launcher = begin(directory, freePort(), options);
        Waiting.until(START_MAX, "the demo to start: " + launcher.output, () -> {
            if (!launcher.process.isAlive()) {
                throw new AssertionError("the launcher ended: " + launcher.said());
            }
            return Files.exists(launcher.demoFile());
        });
        return launcher;
    }

    /** Starts it and waits for nothing. */
    static Launcher begin(Path directory, int port, String... options) throws IOException {
        Path home = Path.of("..").toAbsolutePath().normalize();
        Path output = Files.createTempFile("demo", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Ddynamokv.home=" + home,
                "-jar",
                home.resolve("local/target/local.jar").toString(),
                "--dir",
                directory.toString(),
                "--port",
                Integer.toString(port)));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Launcher(directory, process, output);
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path demoFile() {
        return directory.resolve("demo.json");
    }

    String said() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    DemoDirectory.DemoDocument demo() {
        try {
            return json.readValue(demoFile().toFile(), DemoDirectory.DemoDocument.class);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    URI url() {
        return URI.create(demo().url());
    }

    DemoDirectory.NodeDocument node(int number) {
        return demo().nodes().get(number - 1);
    }

    void signal(String signal, long pid) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + signal + " " + pid + " ended with " + code);
        }
    }

    /** The process of the launcher itself. */
    Process process() {
        return process;
    }

    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new AssertionError("the launcher did not stop within 20 s: " + said());
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the launcher stops", e);
        }
        Files.delete(output);
    }
}
