package io.dynamokv.core.membership;

import static io.dynamokv.core.simulation.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The parts of {@link Swim}: suspicions, rumours, rotation, sizes, settings. */
class SwimPartsTest {
    private static final NodeId A = node("a");
    private static final NodeId B = node("b");
    private static final NodeId C = node("c");
    private static final NodeId D = node("d");
    private static final NodeId E = node("e");
    private static final NodeAddress ADDRESS = new NodeAddress("node-1.nodes.ns.svc", 7000, 8080);

    private static Update alive(NodeId node, long counter) {
        return Update.alive(node, new Incarnation(1, counter), ADDRESS, new Epoch(3));
    }

    private static Update suspect(NodeId node, long counter, NodeId accuser) {
        return new Update(node, Liveness.SUSPECT, new Incarnation(1, counter), ADDRESS, null, accuser);
    }

    /** Lifeguard, LHA-Suspicion: max - (max - min) log(c + 1) / log(k + 1). */
    @Test
    void aSuspicionShrinksWithIndependentAccusersOnly() {
        var suspicion = new Suspicion(A, new Suspicion.Span(1000, 4000, 3), 0);
        assertEquals(4000, suspicion.timeoutMillis());
        assertFalse(suspicion.confirm(A));
        assertEquals(4000, suspicion.timeoutMillis());
        assertTrue(suspicion.confirm(B));
        assertEquals(2500, suspicion.timeoutMillis());
        assertTrue(suspicion.confirm(C));
        assertEquals(1623, suspicion.timeoutMillis());
        assertTrue(suspicion.confirm(D));
        assertEquals(1000, suspicion.timeoutMillis());
        assertFalse(suspicion.confirm(E), "enough");
        assertFalse(suspicion.isOver(999));
        assertTrue(suspicion.isOver(1000));
    }

    @Test
    void whereNobodyElseCanConfirmASuspicionStaysLong() {
        var suspicion = new Suspicion(A, SwimSettings.DEFAULT.suspicionSpan(2), 0);

        assertEquals(1908, suspicion.timeoutMillis());
    }

    @Test
    void aSuspicionLastsFourLogarithmsOfTheClusterAndAtLeastASecond() {
        assertEquals(new Suspicion.Span(1000, 1204, 0), SwimSettings.DEFAULT.suspicionSpan(1));
        assertEquals(new Suspicion.Span(1000, 2408, 1), SwimSettings.DEFAULT.suspicionSpan(3));
        assertEquals(new Suspicion.Span(1000, 3113, 3), SwimSettings.DEFAULT.suspicionSpan(5));
        assertEquals(new Suspicion.Span(1000, 8017, 3), SwimSettings.DEFAULT.suspicionSpan(100));
    }

    @Test
    void rumoursLeastOftenSentComeFirstAndEachIsSentSoManyTimes() {
        var rumors = new Rumors();
        rumors.add(alive(A, 0));
        int size = alive(A, 0).sizeBytes();
        assertEquals(List.of(alive(A, 0)), rumors.take(size, 3));
        rumors.add(alive(B, 0));

        assertEquals(List.of(alive(B, 0)), rumors.take(size, 3));
        assertEquals(List.of(alive(B, 0)), rumors.take(2 * size - 1, 3), "of those sent as often, the latest");
        assertEquals(List.of(alive(A, 0), alive(B, 0)), rumors.take(2 * size, 3));
        assertEquals(List.of(alive(A, 0)), rumors.take(2 * size, 3));
        assertTrue(rumors.isEmpty());
        assertEquals(List.of(), rumors.take(-5, 3));
    }

    @Test
    void aNewerClaimTakesTheOldOnesPlaceAndAccusersStandBesideEachOther() {
        var rumors = new Rumors();
        rumors.add(alive(A, 0));
        rumors.add(suspect(A, 0, B));
        rumors.add(suspect(A, 0, C));
        assertEquals(List.of(suspect(A, 0, C), suspect(A, 0, B)), rumors.take(1000, 9));

        rumors.add(alive(A, 1));

        assertEquals(List.of(alive(A, 1)), rumors.take(1000, 9));
    }

    @Test
    void oneUpdateIsPassedOnSixTimesPerDigitOfTheCluster() {
        assertEquals(6, SwimSettings.DEFAULT.retransmitsMax(3));
        assertEquals(6, SwimSettings.DEFAULT.retransmitsMax(9));
        assertEquals(12, SwimSettings.DEFAULT.retransmitsMax(10));
        assertEquals(18, SwimSettings.DEFAULT.retransmitsMax(100));
    }

    /** SWIM 4.3. */
    @Test
    void theRotationPassesNobodyOver() {
        SeededProperty.forSeeds(50, random -> {
            var rotation = new Rotation(random);
            var all = List.of(A, B, C, D, E);
            all.forEach(rotation::add);
            var round = new ArrayList<NodeId>();
            for (int i = 0; i < 5; i++) {
                round.add(rotation.next(_ -> true));
            }
            assertEquals(all, round.stream().sorted().toList());
            for (NodeId next : round) {
                assertEquals(next, rotation.next(_ -> true), "the next round has the same order");
            }
            rotation.hurry(round.get(3));
            assertTrue(rotation.isUrgent());
            assertEquals(round.get(3), rotation.next(_ -> true));
            assertFalse(rotation.isUrgent());
            rotation.toEnd(round.get(0));
            assertEquals(round.get(1), rotation.next(_ -> true));
        });
    }

    @Test
    void aMessageHasAsManyBytesAsItSays() {
        var news = new News(
                alive(A, 7),
                List.of(
                        suspect(B, 2, C),
                        alive(C, 0),
                        new Update(D, Liveness.DOWN, new Incarnation(3, 1), ADDRESS, null, null)));
        for (SwimMessage message : List.of(
                new SwimMessage.Ping(1, B, 2, news),
                new SwimMessage.PingRequest(1, B, ADDRESS, news),
                new SwimMessage.Ack(1, news),
                new SwimMessage.Nack(1, news),
                new SwimMessage.Gossip(news),
                new SwimMessage.SyncRequest(news),
                new SwimMessage.SyncReply(news))) {
            var bytes = ByteBuffer.allocate(2000);
            encode(message, bytes);
            assertEquals(bytes.position(), message.sizeBytes(), message::toString);
        }
    }

    /** The plainest form there is. */
    private static void encode(SwimMessage message, ByteBuffer to) {
        to.putInt(0).put((byte) 1).put((byte) 40);
        switch (message) {
            case SwimMessage.Ping ping -> {
                put(ping.target(), to.putLong(ping.sequence()));
                to.put((byte) ping.health());
            }
            case SwimMessage.PingRequest request -> {
                put(request.target(), to.putLong(request.sequence()));
                put(request.address(), to);
            }
            case SwimMessage.Ack ack -> to.putLong(ack.sequence());
            case SwimMessage.Nack nack -> to.putLong(nack.sequence());
            case SwimMessage.Gossip _, SwimMessage.SyncRequest _, SwimMessage.SyncReply _ -> {}
        }
        put(message.news().sender(), to);
        to.putShort((short) message.news().updates().size());
        message.news().updates().forEach(update -> put(update, to));
    }

    private static void put(Update update, ByteBuffer to) {
        put(update.member(), to);
        to.put((byte) update.liveness().name().charAt(0));
        to.putLong(update.incarnation().bootNumber())
                .putLong(update.incarnation().counter());
        put(update.address(), to);
        Epoch epoch = update.epoch();
        to.putLong(epoch == null ? 0 : epoch.number());
        NodeId accuser = update.accuser();
        if (accuser != null) {
            put(accuser, to);
        }
    }

    private static void put(NodeId node, ByteBuffer to) {
        to.putLong(node.value().getMostSignificantBits()).putLong(node.value().getLeastSignificantBits());
    }

    private static void put(NodeAddress address, ByteBuffer to) {
        byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
        to.put((byte) host.length)
                .put(host)
                .putShort((short) address.peerPort())
                .putShort((short) address.httpPort());
    }

    @Test
    void aClaimThatMakesNoSenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Update.alive(A, Incarnation.NONE, ADDRESS, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Update(A, Liveness.SUSPECT, new Incarnation(1, 0), ADDRESS, null, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Update(A, Liveness.DOWN, new Incarnation(1, 0), ADDRESS, null, B));
        assertThrows(IllegalArgumentException.class, () -> new News(suspect(A, 0, B), List.of()));
    }

    @Test
    void aSettingOutOfRangeIsNamedWithItsLimits() {
        assertEquals(
                "periodMillis must be 20..60000, was 5",
                assertThrows(IllegalArgumentException.class, () -> new SwimSettings.Probing(5, 10, 3, 8, 1000))
                        .getMessage());
        assertEquals(
                "timeoutMillis must be 10..500, was 501",
                assertThrows(IllegalArgumentException.class, () -> new SwimSettings.Probing(1000, 501, 3, 8, 1000))
                        .getMessage());
        assertEquals(
                "pauseMillis must be 500..60000, was 499",
                assertThrows(IllegalArgumentException.class, () -> new SwimSettings.Probing(1000, 500, 3, 8, 499))
                        .getMessage());
        assertEquals(
                "multiplier must be 1..100, was 0",
                assertThrows(IllegalArgumentException.class, () -> new SwimSettings.Suspecting(0, 1000, 3))
                        .getMessage());
        assertEquals(
                "messageBytesMax must be 1268..65536, was 100",
                assertThrows(IllegalArgumentException.class, () -> new SwimSettings.Gossiping(200, 3, 4, 100, 30_000))
                        .getMessage());
    }

    /** Whatever is talked about: only a sync may be larger. */
    @Test
    void noMessageIsLargerThanTheLimit() {
        SeededProperty.forSeeds(3, random -> {
            var cluster = new SwimCluster(60, random);
            cluster.lossPercent = 20;
            cluster.runFor(5000);
            cluster.nodes.subList(0, 20).forEach(cluster::kill);
            cluster.runFor(10_000);
            assertTrue(cluster.largestBytes > 1200, "there was enough to say: " + cluster.largestBytes);
            assertTrue(cluster.largestBytes <= 1400, "" + cluster.largestBytes);
        });
    }
}
