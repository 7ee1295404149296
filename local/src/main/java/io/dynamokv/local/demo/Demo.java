package io.dynamokv.local.demo;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.cluster.Zone;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.ring.Member;
import io.dynamokv.core.ring.Placement;
import io.dynamokv.local.process.NodeCommand;
import io.dynamokv.local.process.NodeGroup;
import io.dynamokv.local.process.NodeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A running demo: from an empty folder, or one of before, to nodes that serve, a balancer and a page. */
final class Demo implements AutoCloseable {
    private static final int PARTITIONS = 256;
    private static final int REPLICATION_FACTOR = 3;
    private static final int START_SECONDS_MAX = 60;
    private static final int PEERS_SECONDS_MAX = 10;
    /** The volume of a developer's machine is often rather full; the nodes of a demo go on a little longer. */
    private static final int DISK_USED_PERCENT_MAX = 97;

    private final DemoOptions options;
    private final Consumer<String> out;
    private final DemoDirectory directory;
    private final AdminClient admin;
    private final ClusterId clusterId;
    private final NodeGroup nodes;
    private final Entrance entrance;

    private Demo(DemoOptions options, Consumer<String> out, DemoDirectory directory) {
        this.options = options;
        this.out = out;
        this.directory = directory;
        admin = new AdminClient(directory.secret());
        clusterId = directory.clusterId(options.nodes());
        nodes = new NodeGroup(specs(), options.restart(), this::say, this::tell);
        entrance = new Entrance(options, nodes.specs(), out);
    }

    /** Starts everything; on failure nothing is left running. */
    static Demo start(DemoOptions options, Consumer<String> out) throws InterruptedException {
        DemoDirectory directory = DemoDirectory.open(options.directory(), options.fresh());
        Demo demo;
        try {
            demo = new Demo(options, out, directory);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
        try {
            demo.run();
            return demo;
        } catch (RuntimeException | InterruptedException e) {
            demo.close();
            throw e;
        }
    }

    private void run() throws InterruptedException {
        nodes.specs().forEach(Demo::requireFreePorts);
        entrance.open();
        out.accept("Starting " + options.nodes() + " nodes; data and logs in " + options.directory());
        nodes.start();
        join();
        tell();
    }

    private List<NodeSpec> specs() {
        List<NodeSpec> specs = new ArrayList<>();
        for (int number = 1; number <= options.nodes(); number++) {
            String name = "node-" + number;
            String host = "127.0.0." + (10 + number);
            Path home = directory.node(name);
            specs.add(new NodeSpec(name, host, home, command(name, host, home)));
        }
        return specs;
    }

    private List<String> command(String name, String host, Path home) {
        if (!Files.exists(NodeCommand.application(options.home()))) {
            throw new DemoException(NodeCommand.application(options.home()) + " is missing: ./dynamokv build makes it");
        }
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data-dir", home.resolve("data"));
        settings.put("secret-file", directory.secretFile());
        settings.put("name", name);
        settings.put("host", host);
        settings.put("http-port", NodeSpec.HTTP_PORT);
        settings.put("admin-port", NodeSpec.ADMIN_PORT);
        settings.put("peer-port", NodeSpec.PEER_PORT);
        settings.put("expected-cluster", clusterId);
        settings.put("shards", Math.max(1, Runtime.getRuntime().availableProcessors() / options.nodes()));
        settings.put("storage.disk-used-percent-max", DISK_USED_PERCENT_MAX);
        settings.put("stop-when-stdin-closes", true);
        return NodeCommand.running(options.home(), settings);
    }

    private static void requireFreePorts(NodeSpec spec) {
        for (int port : List.of(NodeSpec.HTTP_PORT, NodeSpec.ADMIN_PORT, NodeSpec.PEER_PORT)) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(spec.host()), port));
            } catch (IOException e) {
                throw new DemoException(
                        spec.name() + " needs " + spec.host() + ":" + port + ", which cannot be had (" + e.getMessage()
                                + "): is another demo running?",
                        e);
            }
        }
    }

    /** Hands every node its map: the first one, made when all are empty, or again the one that is stored. */
    private void join() throws InterruptedException {
        Map<NodeSpec, AdminClient.Status> statuses = new LinkedHashMap<>();
        for (NodeSpec spec : nodes.specs()) {
            statuses.put(spec, awaitStatus(spec));
        }
        ClusterMap map = directory.map().orElseGet(() -> firstMap(statuses));
        List<AdminClient.Peer> peers = new ArrayList<>();
        statuses.forEach((spec, status) -> {
            if (map.member(NodeId.parse(status.nodeId())).isEmpty()) {
                throw new DemoException(spec.name() + " has lost its data directory (" + spec.data() + "): node "
                        + status.nodeId() + " is no member of the cluster. Bring the directory back, or start anew with"
                        + " --fresh");
            }
            peers.add(new AdminClient.Peer(
                    status.nodeId(), spec.name(), spec.host(), NodeSpec.PEER_PORT, NodeSpec.HTTP_PORT));
        });
        for (NodeSpec spec : nodes.specs()) {
            admin.join(spec.admin(), map, peers);
        }
        awaitPeers();
    }

    private AdminClient.Status awaitStatus(NodeSpec spec) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() - deadlineNanos < 0) {
            // First whether it lives: at the address of one that found its port taken, somebody else's node may answer.
            if (!nodes.isAlive(spec)) {
                throw new DemoException(spec.name() + " did not start. Its log, " + spec.log() + ", ends with:\n"
                        + String.join("\n", logOf(spec)));
            }
            var status = admin.status(spec.admin());
            if (status.isPresent()) {
                out.accept("  " + spec.name() + " is up");
                return status.get();
            }
            pause();
        }
        throw new DemoException(
                spec.name() + " does not answer after " + START_SECONDS_MAX + " s; its log is " + spec.log());
    }

    private List<String> logOf(NodeSpec spec) {
        try {
            return nodes.lastLogLines(spec);
        } catch (IOException e) {
            return List.of("(the log cannot be read: " + e.getMessage() + ")");
        }
    }

    /** A first map is made only when every node is empty (rule M4). */
    private ClusterMap firstMap(Map<NodeSpec, AdminClient.Status> statuses) {
        statuses.forEach((spec, status) -> {
            if (!status.isEmpty()) {
                throw new DemoException(spec.name() + " belongs to a cluster already, and " + options.directory()
                        + " holds no map of it: start anew with --fresh");
            }
        });
        List<Member> members = new ArrayList<>();
        statuses.forEach(
                (spec, status) -> members.add(new Member(NodeId.parse(status.nodeId()), spec.name(), Zone.DEFAULT)));
        int factor = Math.min(REPLICATION_FACTOR, members.size());
        int quorum = factor / 2 + 1;
        var settings = new ClusterMap.Settings(factor, quorum, quorum, options.durability());
        List<Bucket> buckets = List.of(new Bucket("bench", Conflicts.LATEST), new Bucket("carts", Conflicts.SIBLINGS));
        ClusterMap map = Placement.firstMap(clusterId, settings, buckets, members, PARTITIONS);
        directory.keep(map);
        return map;
    }

    private void awaitPeers() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PEERS_SECONDS_MAX);
        for (NodeSpec spec : nodes.specs()) {
            boolean connected = false;
            while (!connected && System.nanoTime() - deadlineNanos < 0) {
                connected = admin.status(spec.admin())
                        .map(AdminClient.Status::seesAllPeers)
                        .orElse(false);
                if (!connected) {
                    pause();
                }
            }
            if (!connected) {
                out.accept("  " + spec.name() + " does not reach all its peers yet; its log is " + spec.log());
            }
        }
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Tells scripts what is where. */
    private void tell() {
        directory.tell(new DemoDirectory.DemoDocument(
                entrance.url(),
                nodes.specs().stream()
                        .map(spec -> new DemoDirectory.NodeDocument(
                                spec.name(),
                                spec.http().toString(),
                                spec.admin().toString(),
                                nodes.pid(spec),
                                spec.data().toString(),
                                spec.log().toString()))
                        .toList()));
    }

    private void say(NodeGroup.Notice notice) {
        out.accept(notice.node().name() + " " + notice.text());
    }

    void printSummary() {
        out.accept("");
        out.accept("  Cart    " + entrance.url());
        out.accept("  Status  " + entrance.url() + "/status");
        out.accept("  API     curl -X PUT --data hello " + entrance.url() + "/api/v1/kv/demo/greeting");
        out.accept("          curl -i " + entrance.url() + "/api/v1/kv/demo/greeting");
        for (NodeSpec spec : nodes.specs()) {
            out.accept("  " + spec.name() + "  " + spec.http() + "  admin " + spec.admin() + "  pid " + nodes.pid(spec)
                    + "  log " + options.home().relativize(spec.log()));
        }
        out.accept("  Data    " + options.directory() + " (kept for the next time; --fresh empties it)");
        out.accept("  Try     kill -9 " + nodes.pid(nodes.specs().getLast()) + "   and go on shopping");
        out.accept("  Stop    Ctrl-C");
    }

    @Override
    public void close() {
        entrance.close();
        nodes.close();
        directory.close();
    }
}
