package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import io.dynamokv.node.wire.Handshake;
import io.dynamokv.node.wire.LinkKind;
import io.dynamokv.node.wire.MessageCodec;
import io.dynamokv.node.wire.PeerMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slow clients, requests that are cut off, and random messages: the node answers or closes, logs one line, and lives. */
class RoughTreatmentIT {
    private static final int MESSAGES = 100_000;
    private static final int CONNECTIONS_MAX = 60;
    private static final String ODD = " %/:?&\r\n\0{}\"\\.-0";
    private static final long SEED = 20_261_121;

    @TempDir
    private static Path directory;

    private static NodeUnderTest node;
    private static int logLinesSeen;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);

    @BeforeAll
    static void aNodeServes() throws Exception {
        node = NodeUnderTest.start(
                        "127.0.0.39",
                        directory.resolve("n"),
                        "quarkus.http.idle-timeout=2s",
                        "quarkus.http.limits.max-connections=" + CONNECTIONS_MAX,
                        "dynamokv.timing.receive=1s")
                .awaitOpen();
        Cluster.join(List.of(node));
        assertEquals(204, node.put("/v1/kv/carts/before", "kept").statusCode());
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    @AfterEach
    void theNodeLivesAndHasKeptWhatItHad() throws Exception {
        assertEquals("kept", new String(node.get("/v1/kv/carts/before").body(), UTF_8), node::logText);
        assertEquals(204, node.put("/v1/kv/carts/" + UUID.randomUUID(), "v").statusCode());
        List<String> log = node.log();
        int before = logLinesSeen;
        logLinesSeen = log.size();
        assertEquals(
                "",
                log.stream()
                        .skip(before)
                        .filter(line -> line.startsWith("\tat ") || line.contains(" ERROR "))
                        .limit(10)
                        .collect(Collectors.joining("\n")));
    }

    private static void assertLogGrewByAtMost(int lines, int before) throws IOException {
        List<String> log = node.log();
        assertTrue(
                log.size() - before <= lines,
                () -> log.size() - before + " lines, allowed were " + lines + ":\n"
                        + String.join("\n", log.subList(before, Math.min(log.size(), before + 40))));
    }

    @Test
    void aClientThatSaysNothingIsLetGo() throws Exception {
        try (RawConnection silent = node.connect();
                RawConnection halfAHead = node.connect()) {
            halfAHead.say("GET /v1/kv/carts/before HT");
            silent.awaitClose();
            halfAHead.awaitClose();
        }
    }

    /** Those of whom it was not told that they are closed would be counted for ever, and in the end nobody could connect. */
    @Test
    void connectionsThatAreClosedBehindARefusalAreNotCountedAnyMore() throws Exception {
        for (int i = 0; i < 2 * CONNECTIONS_MAX; i++) {
            try (RawConnection refused = node.connect()) {
                refused.say("PUT /v1/kv/carts/long HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n");
                assertEquals(413, refused.answer().status());
            }
        }
        assertOthersCanConnect();
    }

    @Test
    void connectionsThatEndWithinTheSecondOfTwoRequestsAreNotCountedAnyMore() throws Exception {
        String twoRequests = "PUT /v1/kv/carts/first HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv"
                + "PUT /v1/kv/carts/second HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf";
        for (int i = 0; i < 2 * CONNECTIONS_MAX; i++) {
            try (RawConnection cutOff = node.connect()) {
                cutOff.say(twoRequests);
            }
        }
        assertOthersCanConnect();
    }

    private static void assertOthersCanConnect() throws Exception {
        node.await("a connection", () -> {
            try (RawConnection other = node.connect()) {
                return other.say("GET /v1/kv/carts/before HTTP/1.1\r\nHost: x\r\n\r\n")
                                .answer()
                                .status()
                        == 200;
            } catch (IOException _) {
                return false; // closed at once: those before it may not have ended yet
            }
        });
    }

    /** Each byte comes in time, the body never does. */
    @Test
    void aClientThatSendsItsBodyDropByDropIsLetGo() throws Exception {
        try (RawConnection drops = node.connect()) {
            drops.say("PUT /v1/kv/carts/drops HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
            Thread dripping = Thread.ofVirtual().start(() -> drip(drops));
            drops.awaitClose();
            dripping.interrupt();
            dripping.join();
        }
        assertEquals(404, node.get("/v1/kv/carts/drops").statusCode());
    }

    private static void drip(RawConnection to) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                to.say("x");
                LockSupport.parkNanos(100_000_000);
            }
        } catch (IOException _) {
            // let go, as it should be
        }
    }

    @Test
    void requestsCutOffInTheMiddleStoreNothing() throws Exception {
        int before = node.log().size();
        String request = "PUT /v1/kv/carts/cut HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n0123456789012345678";
        for (int end = 0; end < request.length(); end++) {
            try (RawConnection connection = node.connect()) {
                connection.say(request.substring(0, end));
            }
        }
        String chunked =
                "PUT /v1/kv/carts/cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n0\r\n\r";
        for (int end = 0; end < chunked.length(); end++) {
            try (RawConnection connection = node.connect()) {
                connection.say(chunked.substring(0, end));
            }
        }
        assertEquals(404, node.get("/v1/kv/carts/cut").statusCode());
        assertLogGrewByAtMost(request.length() + chunked.length(), before);
    }

    @Test
    void randomBytesOnTheHttpPortHurtNobody() throws Exception {
        int before = node.log().size();
        int connections = 0;
        for (int sent = 0; sent < MESSAGES / 2; connections++) {
            try (RawConnection connection = node.connect()) {
                var many = new ByteArrayOutputStream();
                for (int i = 0; i < 500; i++, sent++) {
                    many.writeBytes(randomBytes(1 + random.nextInt(64)));
                    many.writeBytes("\r\n\r\n".getBytes(UTF_8));
                }
                sendAndHangUp(connection, many.toByteArray());
            }
        }
        assertLogGrewByAtMost(connections, before);
    }

    @Test
    void mutatedRequestsOnTheHttpPortHurtNobody() throws Exception {
        int before = node.log().size();
        int connections = 0;
        for (int sent = 0; sent < MESSAGES / 2; connections++) {
            try (RawConnection connection = node.connect()) {
                var many = new ByteArrayOutputStream();
                for (int i = 0; i < 100; i++, sent++) {
                    many.writeBytes(mutated(validRequest().getBytes(StandardCharsets.ISO_8859_1), 32));
                }
                sendAndHangUp(connection, many.toByteArray());
            }
        }
        assertLogGrewByAtMost(connections, before);
    }

    /** The node may have closed long before all is said. */
    private static void sendAndHangUp(RawConnection connection, byte[] bytes) {
        try {
            connection.say(bytes);
        } catch (IOException _) {
            // closed, as it may be
        }
    }

    private String validRequest() {
        String path = "/v1/kv/mutants/key-" + random.nextInt(1000);
        String id = "X-Request-Id: " + new UUID(random.nextLong(), random.nextLong()) + "\r\n";
        return switch (random.nextInt(6)) {
            case 0 -> "GET " + path + "?r=1 HTTP/1.1\r\nHost: x\r\n" + id + "\r\n";
            case 1 -> "HEAD " + path + "%20a%2Fb HTTP/1.1\r\nHost: x\r\n" + id + "\r\n";
            case 2 -> "DELETE " + path + "?r=1&w=1 HTTP/1.1\r\nHost: x\r\nX-Dynamo-Context: AQJrMQFTvJctbL\r\n\r\n";
            case 3 -> "GET /v1/cluster HTTP/1.1\r\nHost: x\r\n\r\n";
            case 4 -> "PUT " + path + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
            default ->
                "PUT " + path + "?w=1 HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n" + id
                        + "Content-Length: 3\r\n\r\nabc";
        };
    }

    /** One message in so many stays whole, so that some get far. */
    private byte[] mutated(byte[] message, int wholeOneIn) {
        if (random.nextInt(wholeOneIn) == 0) {
            return message;
        }
        byte[] bytes = message.clone();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] =
                    (byte) (random.nextBoolean() ? random.nextInt(256) : ODD.charAt(random.nextInt(ODD.length())));
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void randomFramesBeforeTheHandshakeAreCutOffWithOneLineEach() throws Exception {
        int before = node.log().size();
        int connections = 0;
        for (int sent = 0; sent < MESSAGES / 10; sent += 20, connections++) {
            try (Socket socket = node.connectAsPeer()) {
                var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
                try {
                    for (int i = 0; i < 20; i++) {
                        byte[] frame = helloLike();
                        out.writeInt(random.nextInt(20) == 0 ? random.nextInt() : frame.length);
                        out.write(frame);
                    }
                    out.flush();
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                } catch (IOException _) {
                    // cut off, as it should be
                }
            }
        }
        assertLogGrewByAtMost(connections, before);
    }

    private byte[] helloLike() {
        return random.nextBoolean()
                ? randomBytes(1 + random.nextInt(200))
                : mutated(handshake().hello(anyKind(), randomBytes(16)), 1000);
    }

    private LinkKind anyKind() {
        LinkKind[] kinds = LinkKind.values();
        return kinds[random.nextInt(kinds.length)];
    }

    private static Handshake handshake() {
        var stranger = new Handshake.Identity(Cluster.ID, new NodeId(new UUID(0xBAD, 1)), new BootId(1, 1));
        return new Handshake(stranger, ClusterSecret.parse(NodeUnderTest.SECRET));
    }

    @Test
    void randomMessagesOfOneWhoHoldsTheSecretAreCutOffWithOneLineEach() throws Exception {
        int before = node.log().size();
        int connections = 0;
        int sent = 0;
        while (sent < MESSAGES) {
            connections++;
            try (Socket socket = node.connectAsPeer()) {
                socket.setTcpNoDelay(true);
                shakeHands(socket);
                sent += sendUntilCutOff(socket, MESSAGES - sent);
            }
        }
        assertLogGrewByAtMost(connections, before);
    }

    private void shakeHands(Socket socket) throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        Handshake handshake = handshake();
        LinkKind kind = anyKind();
        byte[] hello = handshake.hello(kind, randomBytes(16));
        write(socket, hello);
        byte[] welcome = in.readNBytes(in.readInt());
        write(
                socket,
                handshake
                        .accept(hello, Unpooled.wrappedBuffer(welcome), new NodeId(id()))
                        .proof());
        if (kind != LinkKind.GOSSIP) {
            ByteBuf when = Unpooled.buffer();
            MessageCodec.encode(new PeerMessage.Sent(random.nextLong()), when);
            socket.getOutputStream().write(ByteBufUtil.getBytes(when));
        }
    }

    private static UUID id() throws IOException {
        try {
            return node.id();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket socket, byte[] frame) throws IOException {
        ByteBuf bytes = Unpooled.buffer().writeInt(frame.length).writeBytes(frame);
        socket.getOutputStream().write(ByteBufUtil.getBytes(bytes));
    }

    /** A hundred at a time, most of them well-formed but wrong, then random ones until the node has had enough. */
    private int sendUntilCutOff(Socket socket, int atMost) {
        int sent = 0;
        try {
            for (; sent < atMost && sent < 1000; sent += 100) {
                ByteBuf many = Unpooled.buffer();
                for (int i = 0; i < 100; i++) {
                    ByteBuf frame = Unpooled.buffer();
                    MessageCodec.encode(validMessage(), frame);
                    many.writeBytes(i < 90 ? wrongButWellFormed(frame) : mutatedFrame(frame));
                }
                socket.getOutputStream().write(ByteBufUtil.getBytes(many));
            }
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // cut off, as it should be
        }
        return Math.max(sent, 100);
    }

    /** What a bit more or less can make of a message without breaking its form; what breaks it ends the link. */
    private byte[] wrongButWellFormed(ByteBuf frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame);
        for (int tries = 0; tries < 20; tries++) {
            byte[] changed = bytes.clone();
            if (bytes.length == 6) {
                return bytes;
            }
            changed[6 + random.nextInt(bytes.length - 6)] ^= (byte) (1 << random.nextInt(8));
            try {
                MessageCodec.decode(Unpooled.wrappedBuffer(changed).skipBytes(4));
                return changed;
            } catch (MalformedException _) {
                // try another
            }
        }
        return bytes;
    }

    private byte[] mutatedFrame(ByteBuf frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame);
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
        return bytes;
    }

    private PeerMessage validMessage() {
        var key = new Key("mutants", "key-" + random.nextInt(1000));
        int partition = key.token().partition(Cluster.PARTITIONS);
        var storeKey = new StoreKey(partition, key);
        var content = new Content(
                new RequestId(random.nextLong(), random.nextLong()),
                new RequestDigest(random.nextLong(), random.nextLong()),
                "text/plain",
                randomBytes(random.nextInt(20)));
        var dot = new Dot(new WriterId(random.nextLong()), 1);
        List<PeerRequest> requests = new ArrayList<>();
        requests.add(new PeerRequest.Fetch(storeKey));
        requests.add(new PeerRequest.Replicate(
                storeKey,
                VersionedRecord.EMPTY.update(
                        VersionVector.EMPTY, new TimedDot(dot, HybridTime.ofMillis(1_700_000_000_000L)), content)));
        requests.add(new PeerRequest.Execute(new ClientRequest.Get(key, 1)));
        requests.add(new PeerRequest.Execute(new ClientRequest.Put(key, VersionVector.of(dot), content, 1)));
        requests.add(new PeerRequest.Execute(new ClientRequest.Delete(key, content.requestId(), null, 1, 1)));
        int choice = random.nextInt(requests.size() + 1);
        return choice < requests.size()
                ? new PeerMessage.Request(random.nextLong(), partition, Epoch.FIRST, requests.get(choice))
                : new PeerMessage.Ping();
    }
}
