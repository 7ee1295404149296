package io.dynamokv.bench.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The file in which a running demo says what is where; it is written anew when a node restarts. */
public record DemoFile(Path path) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public List<NodeProcess> nodes() throws IOException {
        JsonNode document = JSON.readTree(path.toFile());
        var nodes = new ArrayList<NodeProcess>();
        for (JsonNode node : document.path("nodes")) {
            nodes.add(new NodeProcess(
                    node.path("name").asText(),
                    node.path("http").asText(),
                    node.path("pid").asLong()));
        }
        if (nodes.isEmpty()) {
            throw new IOException(path + " names no nodes");
        }
        return nodes;
    }

    /** The node of this name as the file shows it now. */
    public Optional<NodeProcess> node(String name) throws IOException {
        return nodes().stream().filter(node -> node.name().equals(name)).findFirst();
    }
}
