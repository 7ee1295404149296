package io.dynamokv.core.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.version.ContextCodec.Opened;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contexts are opaque and cannot be forged (rules D4 and D7). */
class ContextCodecTest {
    private static final String KEY_1 = "k1:000102030405060708090a0b0c0d0e0f\n";
    private static final String KEY_2 = "k2:101112131415161718191a1b1c1d1e1f\n";
    private static final String KEY_1_REPLACED = "k1:202122232425262728292a2b2c2d2e2f\n";
    private static final VersionVector VECTOR =
            VersionVector.of(new Dot(new WriterId(1), 2), new Dot(new WriterId(-1), 300));

    private final ContextCodec codec = codec(KEY_1);
    private final String sealed = codec.seal("carts", "alice", VECTOR);

    private static ContextCodec codec(String secret) {
        return new ContextCodec(ClusterSecret.parse(secret));
    }

    @Test
    void isTheSameInEveryRelease() {
        assertEquals("AQJrMQIAAAAAAAAAAQL__________6wCvbZ2fw-vIkUVpsLC", sealed);
    }

    @Test
    void whatIsSealedOpens() {
        assertEquals(new Opened.Valid(VECTOR), codec.open("carts", "alice", sealed));
        String empty = codec.seal("carts", "alice", VersionVector.EMPTY);
        assertEquals(new Opened.Valid(VersionVector.EMPTY), codec.open("carts", "alice", empty));
    }

    /** 1. A client reads alice's cart. 2. It sends that context with a put to bob's. 3. It would cover what it never saw there. */
    @Test
    void aContextOfAnotherKeyOrBucketIsForged() {
        assertForged(codec.open("carts", "bob", sealed));
        assertForged(codec.open("carts", "alicf", sealed));
        assertForged(codec.open("cartz", "alice", sealed));
        assertForged(codec.open("cart", "alice", sealed));
        assertForged(codec.open("carts", "", sealed));
    }

    @Test
    void noLetterMovesFromTheBucketToTheKey() {
        assertForged(codec.open("cartsa", "lice", sealed));
        assertForged(codec.open("cart", "salice", sealed));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertNotValid(codec.open("carts", "alice", base64(flipped)), "bit " + bit);
        }
    }

    @Test
    void everyPrefixAndEveryTailIsRefused() {
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);
        for (int length = 0; length < bytes.length; length++) {
            assertNotValid(codec.open("carts", "alice", base64(Arrays.copyOf(bytes, length))), length + " bytes");
        }
        for (int length = 0; length < sealed.length(); length++) {
            assertNotValid(codec.open("carts", "alice", sealed.substring(0, length)), length + " letters");
        }
        assertNotValid(codec.open("carts", "alice", base64(Arrays.copyOf(bytes, bytes.length + 1))), "one byte more");
    }

    @Test
    void noiseIsRefusedAndNeverThrows() {
        SeededProperty.forSeeds(5_000, random -> {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            assertNotValid(codec.open("carts", "alice", base64(noise)), "noise");
            String text = new String(noise, StandardCharsets.ISO_8859_1);
            assertNotValid(codec.open("carts", "alice", text), "text");
        });
    }

    /** The code is checked before the vector is looked at, so a client cannot make the node read nonsense. */
    @Test
    void theCodeStandsBeforeTheVector() {
        byte[] bytes = Base64.getUrlDecoder().decode(sealed);
        bytes[4] = 0x7F;

        assertEquals(
                new Opened.Forged("it was not made for this bucket and key by this cluster"),
                codec.open("carts", "alice", base64(bytes)));
    }

    @Test
    void anotherClustersKeyUnderTheSameIdIsForged() {
        assertForged(codec(KEY_1_REPLACED).open("carts", "alice", sealed));
    }

    /** 412 "read again", not 400: the client did nothing wrong. */
    @Test
    void aKeyThatIsNoLongerListedIsNamed() {
        assertEquals(new Opened.UnknownKey("k1"), codec(KEY_2).open("carts", "alice", sealed));
    }

    /**
     * Rule D7: 1. Behind the old key on all nodes. 2. In front of it. 3. Without the old one. In each step nodes of two neighbouring
     * steps work together, and each opens what the other sealed; without the first step the old ones would not.
     */
    @Test
    void aKeyIsReplacedInThreeStepsWithoutAClientNoticing() {
        List<String> steps = List.of(KEY_1, KEY_1 + KEY_2, KEY_2 + KEY_1, KEY_2);
        for (int i = 1; i < steps.size(); i++) {
            ContextCodec older = codec(steps.get(i - 1));
            ContextCodec newer = codec(steps.get(i));
            assertEquals(
                    new Opened.Valid(VECTOR),
                    newer.open("carts", "alice", older.seal("carts", "alice", VECTOR)),
                    "a newer node at step " + i);
            assertEquals(
                    new Opened.Valid(VECTOR),
                    older.open("carts", "alice", newer.seal("carts", "alice", VECTOR)),
                    "an older node at step " + i);
        }
    }

    @Test
    void theFirstKeySigns() {
        assertEquals(sealed, codec(KEY_1 + KEY_2).seal("carts", "alice", VECTOR));
        assertNotEquals(sealed, codec(KEY_2 + KEY_1).seal("carts", "alice", VECTOR));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void assertForged(Opened opened) {
        assertInstanceOf(Opened.Forged.class, opened);
    }

    private static void assertNotValid(Opened opened, String what) {
        assertTrue(!(opened instanceof Opened.Valid), what);
    }
}
