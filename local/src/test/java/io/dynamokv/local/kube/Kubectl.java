package io.dynamokv.local.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The real kubectl, where there is one. */
final class Kubectl {
    private static final int SECONDS_MAX = 30;

    /** What it said, on both streams, and its exit code. */
    record Said(int code, String text) {}

    private final Path kubeconfig;

    Kubectl(Path kubeconfig) {
        this.kubeconfig = kubeconfig;
    }

    static boolean isInstalled() {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(":", -1))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
    }

    Said run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Its cache of discovery is by server and port, and ports are used again.
        builder.environment().put("HOME", String.valueOf(kubeconfig.getParent()));
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("does not end: " + command);
        }
        return new Said(process.exitValue(), text);
    }

    String succeed(String input, String... arguments) throws IOException, InterruptedException {
        Said said = run(input, arguments);
        if (said.code() != 0) {
            throw new AssertionError(String.join(" ", arguments) + " ended with " + said.code() + ": " + said.text());
        }
        return said.text();
    }
}
