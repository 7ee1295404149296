package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** New nodes for each test, at addresses of the class's own. */
abstract class FreshNodes {
    @TempDir
    Path directory;

    private final int firstHost;
    private final List<NodeUnderTest> nodes = new ArrayList<>();

    FreshNodes(int firstHost) {
        this.firstHost = firstHost;
    }

    @AfterEach
    void close() throws IOException {
        for (NodeUnderTest node : nodes) {
            node.close();
        }
    }

    /** One more, at another address of the class. */
    NodeUnderTest start(String name, int host) throws IOException {
        var node = NodeUnderTest.start(address(host), directory.resolve(name));
        nodes.add(node);
        return node;
    }

    /** Of this class alone, for other tests run at the same time. */
    String address(int host) {
        return "127.0.0." + (firstHost + host);
    }

    List<NodeUnderTest> cluster(int size) throws Exception {
        for (int i = 0; i < size; i++) {
            start("n" + i, i);
        }
        for (NodeUnderTest node : nodes) {
            node.awaitOpen();
        }
        Cluster.join(nodes);
        Cluster.awaitAlive(nodes);
        return nodes;
    }

    static void aWriteAtEachIsReadAtAll(List<NodeUnderTest> all) throws Exception {
        for (NodeUnderTest writer : all) {
            String key = "/v1/kv/carts/of-" + writer.host() + "-" + writer.httpPort();
            assertEquals(204, writer.put(key, "v").statusCode(), writer::logText);
            for (NodeUnderTest reader : all) {
                assertEquals("v", new String(reader.get(key).body(), UTF_8), reader::logText);
            }
        }
    }
}
