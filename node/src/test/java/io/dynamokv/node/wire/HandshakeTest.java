package io.dynamokv.node.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.node.wire.Handshake.RefusedException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final ClusterId CLUSTER = new ClusterId(new UUID(0xC, 1));
    private static final NodeId CALLER = new NodeId(new UUID(0xA, 1));
    private static final NodeId LISTENER = new NodeId(new UUID(0xB, 2));
    private static final String KEY_1 = "k1:00112233445566778899aabbccddeeff\n";
    private static final String KEY_2 = "k2:ffeeddccbbaa99887766554433221100\n";
    private static final byte[] NONCE_1 = "nonce-of-caller1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONCE_2 = "nonce-of-listen2".getBytes(StandardCharsets.US_ASCII);

    private static Handshake handshake(NodeId self, ClusterId cluster, String secret) {
        return new Handshake(new Handshake.Identity(cluster, self, new BootId(3, 4)), ClusterSecret.parse(secret));
    }

    private static Handshake caller(String secret) {
        return handshake(CALLER, CLUSTER, secret);
    }

    private static Handshake listener(String secret) {
        return handshake(LISTENER, CLUSTER, secret);
    }

    private static ByteBuf buf(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes);
    }

    private static void shake(Handshake caller, Handshake listener) {
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        Handshake.Reception reception = listener.receive(buf(hello), NONCE_2);
        byte[] proof = caller.accept(hello, buf(reception.welcome()), LISTENER).proof();
        reception.check(buf(proof));
        assertEquals(CALLER, reception.caller().node());
        assertEquals(new BootId(3, 4), reception.caller().boot());
    }

    @Test
    void twoThatHoldTheSecretKnowEachOther() {
        shake(caller(KEY_1), listener(KEY_1));
    }

    @Test
    void framesStayUnderTheBoundThatStrangersHave() {
        String longestId = "k".repeat(32) + KEY_1.substring(2);
        byte[] hello = caller(longestId).hello(LinkKind.REQUESTS, NONCE_1);
        byte[] welcome = listener(longestId).receive(buf(hello), NONCE_2).welcome();

        assertTrue(hello.length <= Handshake.FRAME_BYTES_MAX, () -> hello.length + " bytes");
        assertTrue(welcome.length <= Handshake.FRAME_BYTES_MAX, () -> welcome.length + " bytes");
    }

    @Test
    void aCallerWithAWrongSecretLearnsThatTheListenerHoldsAnother() {
        Handshake caller = caller(KEY_1.replace("00", "01"));
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        Handshake.Reception reception = listener(KEY_1).receive(buf(hello), NONCE_2);

        assertThrows(RefusedException.class, () -> caller.accept(hello, buf(reception.welcome()), LISTENER));
    }

    @Test
    void aProofOfAWrongSecretIsRefused() {
        Handshake.Reception reception =
                listener(KEY_1).receive(buf(caller(KEY_1).hello(LinkKind.REQUESTS, NONCE_1)), NONCE_2);
        String wrong = KEY_1.replace("00", "01");
        byte[] hello = caller(wrong).hello(LinkKind.REQUESTS, NONCE_1);
        byte[] proof = caller(wrong)
                .accept(hello, buf(listener(wrong).receive(buf(hello), NONCE_2).welcome()), LISTENER)
                .proof();

        assertThrows(RefusedException.class, () -> reception.check(buf(proof)));
        assertThrows(RefusedException.class, () -> reception.check(buf(new byte[33])));
        assertThrows(RefusedException.class, () -> reception.check(buf(new byte[0])));
        assertThrows(RefusedException.class, () -> reception.check(buf(Arrays.copyOf(proof, 32))));
    }

    /** 1. somebody listens in; 2. sends the caller's words again, to a listener that drew another nonce. */
    @Test
    void aReplayedProofIsRefused() {
        Handshake caller = caller(KEY_1);
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        Handshake.Reception first = listener(KEY_1).receive(buf(hello), NONCE_2);
        byte[] proof = caller.accept(hello, buf(first.welcome()), LISTENER).proof();
        first.check(buf(proof));

        Handshake.Reception second = listener(KEY_1).receive(buf(hello), NONCE_1);

        assertThrows(RefusedException.class, () -> second.check(buf(proof)));
    }

    /** 1. a node calls a stranger; 2. the stranger brings its Hello to the node itself and its Welcome back. */
    @Test
    void aReflectedWelcomeIsRefused() {
        Handshake caller = caller(KEY_1);
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        byte[] itsOwnWelcome = caller(KEY_1).receive(buf(hello), NONCE_2).welcome();

        var e = assertThrows(RefusedException.class, () -> caller.accept(hello, buf(itsOwnWelcome), LISTENER));

        assertTrue(String.valueOf(e.getMessage()).contains(CALLER.toString()), e::getMessage);
    }

    @Test
    void theListenersCodeIsNoProof() {
        byte[] hello = caller(KEY_1).hello(LinkKind.REQUESTS, NONCE_1);
        Handshake.Reception reception = listener(KEY_1).receive(buf(hello), NONCE_2);
        byte[] welcome = reception.welcome();
        byte[] code = new byte[33];
        code[0] = 1;
        System.arraycopy(welcome, welcome.length - 32, code, 1, 32);

        assertThrows(RefusedException.class, () -> reception.check(buf(code)));
    }

    @Test
    void anotherNodeAtTheAddressIsNamed() {
        Handshake caller = caller(KEY_1);
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        byte[] welcome = listener(KEY_1).receive(buf(hello), NONCE_2).welcome();
        var other = new NodeId(new UUID(0xD, 4));

        var e = assertThrows(RefusedException.class, () -> caller.accept(hello, buf(welcome), other));

        assertTrue(String.valueOf(e.getMessage()).contains(LISTENER + " listens where " + other), e::getMessage);
    }

    @Test
    void bothSidesRefuseAnotherCluster() {
        var other = new ClusterId(new UUID(0xC, 2));
        Handshake stranger = handshake(CALLER, other, KEY_1);
        byte[] hello = stranger.hello(LinkKind.REQUESTS, NONCE_1);
        assertThrows(RefusedException.class, () -> listener(KEY_1).receive(buf(hello), NONCE_2));

        byte[] welcome =
                handshake(LISTENER, other, KEY_1).receive(buf(hello), NONCE_2).welcome();
        byte[] ownHello = caller(KEY_1).hello(LinkKind.REQUESTS, NONCE_1);
        assertThrows(RefusedException.class, () -> caller(KEY_1).accept(ownHello, buf(welcome), LISTENER));
    }

    /** Rule D7: the new key behind the old one everywhere, then in front of it, then the old one goes. */
    @Test
    void d7_nodesUnderstandEachOtherAtEveryStepOfARotation() {
        String before = KEY_1;
        String behind = KEY_1 + KEY_2;
        String inFront = KEY_2 + KEY_1;
        String after = KEY_2;

        for (String[] step : new String[][] {{before, behind}, {behind, inFront}, {inFront, after}}) {
            shake(caller(step[0]), listener(step[1]));
            shake(caller(step[1]), listener(step[0]));
        }
    }

    @Test
    void d7_aKeyThatIsNotListedIsNamed() {
        byte[] hello = caller(KEY_2).hello(LinkKind.REQUESTS, NONCE_1);

        var e = assertThrows(RefusedException.class, () -> listener(KEY_1).receive(buf(hello), NONCE_2));

        assertTrue(String.valueOf(e.getMessage()).contains("'k2'"), e::getMessage);
    }

    /** A stranger chooses the text: it must not look like a line of the log of its own. */
    @Test
    void theNameOfAnUnknownKeyCannotForgeALineOfTheLog() {
        byte[] hello = caller("k123456789:00112233445566778899aabbccddeeff").hello(LinkKind.REQUESTS, NONCE_1);
        byte[] forged = "x\n2026 ERR".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(forged, 0, hello, 4, forged.length);

        var e = assertThrows(RefusedException.class, () -> listener(KEY_1).receive(buf(hello), NONCE_2));

        assertFalse(String.valueOf(e.getMessage()).contains("\n"), e::getMessage);
    }

    @Test
    void aHelloThatIsNotWholeOrChangedIsRefusedAndNothingElseHappens() {
        byte[] hello = caller(KEY_1).hello(LinkKind.REQUESTS, NONCE_1);
        for (int length = 0; length < hello.length; length++) {
            byte[] prefix = Arrays.copyOf(hello, length);
            assertThrows(RefusedException.class, () -> listener(KEY_1).receive(buf(prefix), NONCE_2));
        }
        assertThrows(
                MalformedException.class,
                () -> listener(KEY_1).receive(buf(Arrays.copyOf(hello, hello.length + 1)), NONCE_2));
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = random.nextBoolean() ? hello.clone() : new byte[1 + random.nextInt(200)];
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            receiveOrRefuse(bytes);
        }
    }

    private static void receiveOrRefuse(byte[] hello) {
        try {
            listener(KEY_1).receive(buf(hello), NONCE_2);
        } catch (RefusedException | MalformedException _) {
            // as it should be
        }
    }

    @Test
    void everyChangeOfAWelcomeIsRefused() {
        Handshake caller = caller(KEY_1);
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        byte[] welcome = listener(KEY_1).receive(buf(hello), NONCE_2).welcome();
        for (int i = 0; i < welcome.length * 8; i++) {
            byte[] changed = welcome.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            assertThrows(RefusedException.class, () -> caller.accept(hello, buf(changed), LISTENER));
        }
        for (int length = 0; length < welcome.length; length++) {
            byte[] prefix = Arrays.copyOf(welcome, length);
            assertThrows(RefusedException.class, () -> caller.accept(hello, buf(prefix), LISTENER));
        }
        assertArrayEquals(
                caller.accept(hello, buf(welcome), LISTENER).proof(),
                caller.accept(hello, buf(welcome.clone()), LISTENER).proof());
    }

    @Test
    void theListenerLearnsTheKindOfTheLink() {
        for (LinkKind kind : LinkKind.values()) {
            byte[] hello = caller(KEY_1).hello(kind, NONCE_1);
            assertEquals(kind, listener(KEY_1).receive(buf(hello), NONCE_2).kind());
        }
    }

    @Test
    void anUnknownKindIsRefusedByName() {
        byte[] hello = caller(KEY_1).hello(LinkKind.GOSSIP, NONCE_1);
        hello[2] = 9;

        var e = assertThrows(RefusedException.class, () -> listener(KEY_1).receive(buf(hello), NONCE_2));

        assertEquals("unknown kind of link 9", e.getMessage());
    }

    /** Rule N3: who is turned away hears why, from nobody but the listener. */
    @Test
    void n3_aRefusalIsReadAsItWasWrittenAndOnlyIfItIsTheListeners() {
        Handshake caller = caller(KEY_1);
        Handshake listener = listener(KEY_1);
        byte[] hello = caller.hello(LinkKind.REQUESTS, NONCE_1);
        Handshake.Reception reception = listener.receive(buf(hello), NONCE_2);
        Handshake.Acceptance acceptance = caller.accept(hello, buf(reception.welcome()), LISTENER);
        byte[] refusal = listener.refusal(reception, "start 3 was before start 5");

        assertEquals("start 3 was before start 5", caller.refusedWith(acceptance, buf(refusal)));
        assertEquals(null, caller.refusedWith(acceptance, buf(new byte[] {1, 2, 3})), "a message is no refusal");
        for (int i = 8; i < refusal.length * 8; i++) {
            byte[] changed = refusal.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            assertThrows(RefusedException.class, () -> caller.refusedWith(acceptance, buf(changed)));
        }
        for (int length = 1; length < refusal.length; length++) {
            byte[] prefix = Arrays.copyOf(refusal, length);
            assertThrows(RefusedException.class, () -> caller.refusedWith(acceptance, buf(prefix)));
        }
    }
}
