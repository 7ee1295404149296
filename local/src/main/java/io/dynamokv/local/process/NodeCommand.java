package io.dynamokv.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of a node: this JVM's own Java, the memory of a small pod, and the node's settings. The AOT cache of a training run is used
 * when there is one; its flags must be those of the training, which is why they are in one place.
 */
public final class NodeCommand {
    private static final List<String> FLAGS = List.of(
            "-Xms64m",
            "-Xmx160m",
            "-XX:MaxDirectMemorySize=48m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--finalization=disabled");

    private NodeCommand() {}

    public static Path application(Path home) {
        return home.resolve("node/target/quarkus-app/quarkus-run.jar");
    }

    /** Where the training leaves its cache. */
    public static Path cache(Path home) {
        return home.resolve("node/target/node.aot");
    }

    /** @param settings names without their prefix */
    public static List<String> running(Path home, Map<String, ?> settings) {
        Path cache = cache(home);
        return command(home, Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of(), settings);
    }

    /** With properties of Java itself. */
    public static List<String> running(Path home, Map<String, ?> settings, List<String> properties) {
        List<String> command = new ArrayList<>(running(home, settings));
        command.addAll(1, properties);
        return command;
    }

    public static List<String> training(Path home, Map<String, ?> settings) {
        return command(home, List.of("-XX:AOTCacheOutput=" + cache(home)), settings);
    }

    private static List<String> command(Path home, List<String> more, Map<String, ?> settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(more);
        settings.forEach((name, value) -> command.add("-Ddynamokv." + name + "=" + value));
        command.addAll(List.of("-jar", application(home).toString()));
        return command;
    }
}
