package io.dynamokv.core.version;

import static io.dynamokv.core.version.VersionFixtures.dot;
import static io.dynamokv.core.version.VersionFixtures.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The two halves of "the same request" (rule W4). Every node computes them, old and new releases too, so the values are fixed. */
class RequestIdTest {
    private static final byte[] MILK = "milk".getBytes(StandardCharsets.UTF_8);

    @Test
    void aUuidKeepsItsBits() {
        RequestId id = RequestId.of("00112233-4455-6677-8899-aabbccddeeff");

        assertEquals(new RequestId(0x0011_2233_4455_6677L, 0x8899_AABB_CCDD_EEFFL), id);
        assertEquals("00112233-4455-6677-8899-aabbccddeeff", id.toString());
        assertEquals(id, RequestId.of("00112233-4455-6677-8899-AABBCCDDEEFF"));
    }

    @Test
    void anyOtherTextIsHashed() {
        assertEquals(new RequestId(0x72A9_0EA3_DA8B_5DD0L, 0x1BDE_2F27_314E_02E2L), RequestId.of("order-17"));
    }

    @Test
    void textsThatAreAlmostUuidsAreTexts() {
        List<String> texts = List.of(
                "",
                "1-1-1-1-1",
                "00112233-4455-6677-8899-aabbccddeef",
                "00112233-4455-6677-8899-aabbccddeeff0",
                "00112233-4455-6677-8899-aabbccddeefg",
                "00112233-4455-6677-8899_aabbccddeeff",
                "0011223344-55-6677-8899-aabbccddeeff",
                "00112233-4455-6677-8899-aabbccddeef\u0661",
                "00112233-4455-6677-8899-aabbccddeef\uFF21",
                "-0112233-4455-6677-8899-aabbccddeeff");

        var ids = new HashSet<RequestId>();
        texts.forEach(text -> ids.add(RequestId.of(text)));
        ids.add(RequestId.of("00112233-4455-6677-8899-aabbccddeeff"));

        assertEquals(texts.size() + 1, ids.size());
    }

    @Test
    void aDigestIsTheSameInEveryRelease() {
        VersionVector context = VersionVector.of(new Dot(new WriterId(1), 2), new Dot(new WriterId(-1), 3));

        assertEquals(
                new RequestDigest(0x9B5C_23D2_7233_DE6EL, 0x29DE_B6FD_6BDB_9C29L),
                RequestDigest.of(MILK, "text/plain", context));
        assertEquals(
                new RequestDigest(0xAF55_70F5_A181_0B7AL, 0xF78C_AF4B_C70A_660FL),
                RequestDigest.of(new byte[0], "", VersionVector.EMPTY));
    }

    @Test
    void aDigestCoversBodyTypeAndContext() {
        RequestDigest digest = RequestDigest.of(MILK, "text/plain", VersionVector.EMPTY);

        assertNotEquals(digest, RequestDigest.of("mild".getBytes(StandardCharsets.UTF_8), "text/plain", vector()));
        assertNotEquals(digest, RequestDigest.of(MILK, "text/html", vector()));
        assertNotEquals(digest, RequestDigest.of(MILK, "text/plain", vector(dot("a", 1))));
        assertNotEquals(
                RequestDigest.of(MILK, "text/plain", vector(dot("a", 1))),
                RequestDigest.of(MILK, "text/plain", vector(dot("a", 2))));
    }

    @Test
    void noByteMovesFromOnePartOfADigestToAnother() {
        byte[] a = "a".getBytes(StandardCharsets.UTF_8);

        assertNotEquals(RequestDigest.of(a, "b", vector()), RequestDigest.of(new byte[0], "ba", vector()));
        assertNotEquals(RequestDigest.of(a, "", vector()), RequestDigest.of(new byte[0], "a", vector()));
    }
}
