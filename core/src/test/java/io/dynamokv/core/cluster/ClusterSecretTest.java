package io.dynamokv.core.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;

/** The keys of a cluster (rule D7). */
class ClusterSecretTest {
    private static final String HEX_1 = "000102030405060708090a0b0c0d0e0f";
    private static final String HEX_2 = "101112131415161718191a1b1c1d1e1f";

    private final ClusterSecret secret = ClusterSecret.parse("# ours\n\n new:" + HEX_1 + "\r\nold:" + HEX_2 + "\n");

    @Test
    void theFirstKeySignsAndAllVerify() {
        assertEquals("new", secret.signingKeyId());
        assertEquals(HEX_1, secret.bearerToken());
        assertTrue(secret.isBearerToken(HEX_1));
        assertTrue(secret.isBearerToken(HEX_2));
        assertEquals(
                List.of("new", "old"),
                new ArrayList<>(secret.codesFor("a purpose").keySet()));
    }

    @Test
    void otherTokensAreRefused() {
        for (String token : List.of("", HEX_1.substring(1), HEX_1 + "0", "f" + HEX_1.substring(1), "new:" + HEX_1)) {
            assertFalse(secret.isBearerToken(token), token);
        }
    }

    /** Regression: who wrote the file with capital letters could not use what stands in it. */
    @Test
    void capitalHexDigitsAreTheSameToken() {
        ClusterSecret capital = ClusterSecret.parse("k:" + HEX_1.replace('a', 'A') + "\n");

        assertEquals(HEX_1, capital.bearerToken());
        assertTrue(capital.isBearerToken(HEX_1.replace('a', 'A')));
    }

    @Test
    void noKeyServesTwoPurposes() {
        byte[] one = code(secret.codesFor("contexts"), "new");
        byte[] two = code(secret.codesFor("handshakes"), "new");

        assertFalse(Arrays.equals(one, two));
        assertArrayEquals(one, code(secret.codesFor("contexts"), "new"));
        assertFalse(Arrays.equals(one, code(secret.codesFor("contexts"), "old")));
    }

    @Test
    void whatIsWrongIsSaidAndTheKeyIsNot() {
        List<String> wrong = List.of(
                "",
                "# nothing",
                HEX_1,
                "K:" + HEX_1,
                ":" + HEX_1,
                "k=" + HEX_1,
                "k:" + HEX_1.substring(2),
                "k:" + HEX_1 + "0",
                "k:" + HEX_1.replace('a', 'x'),
                "k: " + HEX_1,
                "k:" + HEX_1 + "\nk:" + HEX_2,
                "i".repeat(33) + ":" + HEX_1);
        for (String text : wrong) {
            var e = assertThrows(IllegalArgumentException.class, () -> ClusterSecret.parse(text), text);
            assertFalse(String.valueOf(e.getMessage()).contains("0102"), e.getMessage());
        }
    }

    @Test
    void itsTextHidesTheKeys() {
        assertEquals("ClusterSecret[new, old]", secret.toString());
    }

    private static byte[] code(Map<String, Mac> codes, String keyId) {
        Mac mac = codes.get(keyId);
        if (mac == null) {
            throw new AssertionError("no code of " + keyId);
        }
        return mac.doFinal(new byte[] {1, 2, 3});
    }
}
