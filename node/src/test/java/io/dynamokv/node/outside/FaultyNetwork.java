package io.dynamokv.node.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between nodes, with faults. Each node is called at its advertised address, where a relay listens in its place. Who calls is named by the
 * first frame of the handshake, so each direction between two nodes has a fault of its own; and whoever is called sees the caller's relay as the caller,
 * so that it calls back through the network too.
 */
final class FaultyNetwork implements AutoCloseable {
    private static final int HELLO_BYTES_MAX = 512;

    /** From one node to another. */
    private record Direction(UUID from, UUID to) {}

    /** Where a node listens, and where the others believe that it does. */
    private record Station(UUID id, NodeUnderTest node, InetAddress relayed) {}

    private final List<Station> stations = new ArrayList<>();
    private final Map<Direction, Passage> passages = new ConcurrentHashMap<>();
    private final List<ServerSocket> relays = new ArrayList<>();
    private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();

    private FaultyNetwork() {}

    /** Of open nodes that advertise an address of their own, on which they do not listen. */
    static FaultyNetwork between(List<NodeUnderTest> nodes) throws IOException, InterruptedException {
        var network = new FaultyNetwork();
        for (NodeUnderTest node : nodes) {
            network.stations.add(new Station(node.id(), node, InetAddress.getByName(node.advertisedHost())));
        }
        for (Station station : network.stations) {
            var relay = new ServerSocket(station.node().peerPort(), 50, station.relayed());
            network.relays.add(relay);
            Thread.ofVirtual().start(() -> network.accept(relay, station));
        }
        return network;
    }

    /** What is sent from one to the other does not arrive; what is sent back does. */
    void cut(NodeUnderTest from, NodeUnderTest to) throws IOException, InterruptedException {
        passages.put(new Direction(from.id(), to.id()), Passage.CUT);
    }

    /** In both directions. */
    void slow(NodeUnderTest one, NodeUnderTest other, Passage passage) throws IOException, InterruptedException {
        passages.put(new Direction(one.id(), other.id()), passage);
        passages.put(new Direction(other.id(), one.id()), passage);
    }

    /** Connections that have lost bytes end now: TCP delivers all of a stream or breaks it. */
    void heal() {
        passages.clear();
        connections.forEach(RelayedConnection::resetIfLossy);
    }

    private Passage passage(UUID from, UUID to) {
        return passages.getOrDefault(new Direction(from, to), Passage.OPEN);
    }

    private void accept(ServerSocket relay, Station called) {
        try {
            while (!relay.isClosed()) {
                Socket caller = relay.accept();
                Thread.ofVirtual().start(() -> connect(caller, called));
            }
        } catch (SocketException _) {
            // closed: the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void connect(Socket caller, Station called) {
        try {
            caller.setTcpNoDelay(true);
            byte[] hello = readHello(caller);
            Optional<Station> from = callerIn(hello);
            if (from.isEmpty()) {
                caller.close();
                return;
            }
            UUID callerId = from.get().id();
            Socket listener = call(from.get(), called);
            var connection = new RelayedConnection(
                    caller,
                    listener,
                    new RelayedConnection.Ways(
                            () -> passage(callerId, called.id()), () -> passage(called.id(), callerId)),
                    connections::remove);
            connections.add(connection);
            connection.begin(hello);
        } catch (IOException _) {
            // Nobody listens, or the caller has gone: it is told by the end of its connection.
            RelayedConnection.reset(caller);
        }
    }

    private static byte[] readHello(Socket caller) throws IOException {
        byte[] length = caller.getInputStream().readNBytes(Integer.BYTES);
        int bytes = length.length < Integer.BYTES ? -1 : ByteBuffer.wrap(length).getInt();
        if (bytes < 1 || bytes > HELLO_BYTES_MAX) {
            throw new IOException("no Hello, but a length of " + bytes);
        }
        byte[] frame = caller.getInputStream().readNBytes(bytes);
        return ByteBuffer.allocate(Integer.BYTES + frame.length)
                .put(length)
                .put(frame)
                .array();
    }

    /** A Hello holds its sender's id among other bytes. */
    private Optional<Station> callerIn(byte[] hello) {
        var bytes = ByteBuffer.wrap(hello);
        for (int at = 0; at + 2 * Long.BYTES <= hello.length; at++) {
            var id = new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
            Optional<Station> sender =
                    stations.stream().filter(station -> station.id().equals(id)).findFirst();
            if (sender.isPresent()) {
                return sender;
            }
        }
        return Optional.empty();
    }

    private static Socket call(Station caller, Station called) throws IOException {
        var socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(caller.relayed(), 0));
            socket.connect(
                    new InetSocketAddress(called.node().host(), called.node().peerPort()));
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket relay : relays) {
            relay.close();
        }
        connections.forEach(RelayedConnection::close);
    }
}
