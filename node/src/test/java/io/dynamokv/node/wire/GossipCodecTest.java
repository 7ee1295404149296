package io.dynamokv.node.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.News;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.Update;
import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class GossipCodecTest {
    private static final int SEEDS = 120;
    private static final int LENGTH_BYTES = 4;
    private static final List<Liveness> LIVENESSES = List.of(Liveness.ALIVE, Liveness.SUSPECT, Liveness.DOWN);
    private static final NodeId A = new NodeId(new UUID(0xA, 1));
    private static final NodeId B = new NodeId(new UUID(0xB, 2));
    private static final HostileBytes<GossipMessage> HOSTILE =
            new HostileBytes<>(samples(), GossipCodecTest::bytesOf, GossipCodec::decode);

    private static Update suspect() {
        return new Update(
                B, Liveness.SUSPECT, new Incarnation(3, 1), new NodeAddress("é", 7000, 8080), new Epoch(5), A);
    }

    private static News news(Update... updates) {
        var word = new Update(A, Liveness.ALIVE, new Incarnation(2, 0), new NodeAddress("h", 1, 65_535), null, null);
        return new News(word, List.of(updates));
    }

    private static List<GossipMessage> samples() {
        return List.of(
                new GossipMessage.Membership(new SwimMessage.Ping(9, B, 2, news(suspect()))),
                new GossipMessage.Membership(
                        new SwimMessage.PingRequest(9, B, new NodeAddress("host", 7000, 8080), news())),
                new GossipMessage.Membership(new SwimMessage.Ack(9, news(suspect(), suspect()))),
                new GossipMessage.Membership(new SwimMessage.Nack(9, news())),
                new GossipMessage.Membership(new SwimMessage.Gossip(news(suspect()))),
                new GossipMessage.Membership(new SwimMessage.SyncRequest(news(suspect()))),
                new GossipMessage.Membership(new SwimMessage.SyncReply(news())),
                new GossipMessage.MapRequest(new Epoch(7)),
                new GossipMessage.MapReply("{\"format\":1}", "1 1 é\n"));
    }

    /** Without the length. */
    private static byte[] bytesOf(GossipMessage message) {
        ByteBuf to = Unpooled.buffer();
        GossipCodec.encode(message, to);
        assertEquals(to.readableBytes() - LENGTH_BYTES, to.readInt());
        return ByteBufUtil.getBytes(to);
    }

    private static GossipMessage decode(byte[] bytes) {
        return GossipCodec.decode(Unpooled.wrappedBuffer(bytes));
    }

    private static void assertReadAsWritten(GossipMessage message) {
        byte[] bytes = bytesOf(message);
        assertEquals(message, decode(bytes));
        if (message instanceof GossipMessage.Membership(SwimMessage swim)) {
            assertEquals(swim.sizeBytes(), LENGTH_BYTES + bytes.length, swim::toString);
        }
    }

    @Test
    void everyMessageIsReadAsItWasWrittenAndHasTheBytesThatTheMachineCounts() {
        samples().forEach(GossipCodecTest::assertReadAsWritten);
        for (long seed = 1; seed <= SEEDS; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (int i = 0; i < 50; i++) {
                assertReadAsWritten(random(random));
            }
        }
    }

    private static GossipMessage random(RandomGenerator random) {
        News news = randomNews(random);
        long sequence = random.nextLong();
        return switch (random.nextInt(8)) {
            case 0 ->
                new GossipMessage.Membership(new SwimMessage.Ping(sequence, id(random), random.nextInt(256), news));
            case 1 ->
                new GossipMessage.Membership(new SwimMessage.PingRequest(sequence, id(random), address(random), news));
            case 2 -> new GossipMessage.Membership(new SwimMessage.Ack(sequence, news));
            case 3 -> new GossipMessage.Membership(new SwimMessage.Nack(sequence, news));
            case 4 -> new GossipMessage.Membership(new SwimMessage.Gossip(news));
            case 5 -> new GossipMessage.Membership(new SwimMessage.SyncRequest(news));
            case 6 -> new GossipMessage.Membership(new SwimMessage.SyncReply(news));
            default -> new GossipMessage.MapReply("x".repeat(random.nextInt(5000)), "ü".repeat(random.nextInt(50)));
        };
    }

    private static News randomNews(RandomGenerator random) {
        var updates = new ArrayList<Update>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            updates.add(update(random, LIVENESSES.get(random.nextInt(3))));
        }
        return new News(update(random, Liveness.ALIVE), updates);
    }

    private static Update update(RandomGenerator random, Liveness liveness) {
        return new Update(
                id(random),
                liveness,
                new Incarnation(1 + random.nextLong(1L << 60), random.nextLong(1L << 60)),
                address(random),
                random.nextBoolean() ? null : new Epoch(1 + random.nextLong(1L << 60)),
                liveness == Liveness.SUSPECT ? id(random) : null);
    }

    private static NodeId id(RandomGenerator random) {
        return new NodeId(new UUID(random.nextLong(), random.nextLong()));
    }

    private static NodeAddress address(RandomGenerator random) {
        String host = random.nextBoolean() ? "n".repeat(1 + random.nextInt(255)) : "ä".repeat(1 + random.nextInt(127));
        return new NodeAddress(host, 1 + random.nextInt(65_535), 1 + random.nextInt(65_535));
    }

    /** Nodes of two releases speak to each other: these bytes never change. */
    @Test
    void d1_theBytesOfFormat1DoNotChange() {
        String word = "000000000000000a000000000000000100000000000000000200000000000000000168" + "0001ffff"
                + "0000000000000000";
        String claim = "000000000000000b0000000000000002010000000000000003000000000000000102c3a91b581f90"
                + "0000000000000005000000000000000a0000000000000001";
        List<String> golden = List.of(
                "01010000000000000009000000000000000b000000000000000202" + word + "0001" + claim,
                "01020000000000000009000000000000000b000000000000000204686f73741b581f90" + word + "0000",
                "01030000000000000009" + word + "0002" + claim + claim,
                "01040000000000000009" + word + "0000",
                "0105" + word + "0001" + claim,
                "0106" + word + "0001" + claim,
                "0107" + word + "0000",
                "01140000000000000007",
                "01150000000c7b22666f726d6174223a317d000000073120312" + "0c3a90a");
        for (int i = 0; i < golden.size(); i++) {
            assertEquals(
                    golden.get(i), HexFormat.of().formatHex(bytesOf(samples().get(i))));
        }
    }

    @Test
    void aMessageThatIsCutOffOrTooLongIsMalformed() {
        for (GossipMessage message : samples()) {
            byte[] bytes = bytesOf(message);
            for (int length = 0; length < bytes.length; length++) {
                ByteBuf prefix = Unpooled.wrappedBuffer(bytes, 0, length);
                assertThrows(MalformedException.class, () -> GossipCodec.decode(prefix), message::toString);
            }
            ByteBuf longer = Unpooled.wrappedBuffer(bytes, new byte[1]);
            assertThrows(MalformedException.class, () -> GossipCodec.decode(longer), message::toString);
        }
    }

    @Test
    void anotherFormatAndAnotherTypeAreNamed() {
        var format = assertThrows(MalformedException.class, () -> decode(new byte[] {2, 1}));
        assertTrue(String.valueOf(format.getMessage()).contains("format must be 1, was 2"), format::getMessage);
        var type = assertThrows(MalformedException.class, () -> decode(new byte[] {1, 99}));
        assertTrue(String.valueOf(type.getMessage()).contains("99"), type::getMessage);
    }

    @Test
    void everyFlippedBitGivesAMessageOrIsMalformed() {
        HOSTILE.flipEveryBit();
    }

    @Test
    void randomBytesGiveAMessageOrAreMalformed() {
        HOSTILE.draw(SEEDS, 122, 23);
    }

    @Test
    void aLengthThatLiesAllocatesNothingForIt() {
        HOSTILE.lieAboutLengths();
    }
}
