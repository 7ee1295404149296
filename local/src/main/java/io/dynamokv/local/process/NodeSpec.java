package io.dynamokv.local.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What it takes to start one node.
 *
 * @param host a loopback address of its own, so that all nodes use the same ports
 * @param directory holds its data and its log
 * @param command the program with all that is the same for every node
 * @param environment what is added to this process's own
 */
public record NodeSpec(
        String name, String host, Path directory, List<String> command, Map<String, String> environment) {
    public static final int HTTP_PORT = 8080;
    public static final int ADMIN_PORT = 9000;
    public static final int PEER_PORT = 7000;

    public NodeSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    public NodeSpec(String name, String host, Path directory, List<String> command) {
        this(name, host, directory, command, Map.of());
    }

    public Path data() {
        return directory.resolve("data");
    }

    public Path log() {
        return directory.resolve("node.log");
    }

    public URI http() {
        return URI.create("http://" + host + ":" + HTTP_PORT);
    }

    public URI admin() {
        return URI.create("http://" + host + ":" + ADMIN_PORT);
    }
}
