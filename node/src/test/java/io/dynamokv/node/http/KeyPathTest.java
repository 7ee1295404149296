package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.ring.Key;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPathTest {
    private static final int KEY_BYTES_MAX = 8;

    private static Key parse(String path) throws BadInputException {
        return KeyPath.parse(path, KEY_BYTES_MAX);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/kv/b/k,k",
        "/v1/kv/b/a/b,a/b",
        "/v1/kv/b/a%2Fb,a/b",
        "/v1/kv/b/a%2fb,a/b",
        "/v1/kv/b//,/",
        "/v1/kv/b/..,..",
        "/v1/kv/b/%2E%2e,..",
        "/v1/kv/b/a+b,a+b",
        "/v1/kv/b/%E2%82%AC,\u20ac",
        "/v1/kv/b/caf%C3%A9,caf\u00e9",
        "/v1/kv/b/a%25,a%",
        "/v1/kv/%62/k,k",
        "/v1/kv/b/a;b=c,a;b=c"
    })
    void theKeyIsWhatStandsBehindTheBucket(String path, String key) throws Exception {
        assertEquals(new Key("b", key), parse(path));
    }

    /** HTTP brings a character for each byte; curl sends what is typed. */
    @Test
    void rawUtf8MeansTheSameAsPercentEncoded() throws Exception {
        assertEquals(parse("/v1/kv/b/caf%C3%A9"), parse("/v1/kv/b/caf\u00c3\u00a9"));
        assertEquals(parse("/v1/kv/b/%E2%82%AC"), parse("/v1/kv/b/\u00e2%82\u00ac"));
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/kv/,bucket,400",
        "/v1/kv,bucket,400",
        "/v1/kv//k,bucket,400",
        "/v1/kv/B/k,bucket,400",
        "/v1/kv/-b/k,bucket,400",
        "/v1/kv/%2e/k,bucket,400",
        "/v1/kv/a%2Fb/k,bucket,400",
        "/v1/kv/b,key,400",
        "/v1/kv/b/,key,400",
        "/v1/kv/b/123456789,key,414",
        "/v1/kv/b/1234567%C3%A9,key,414",
        "/v1/kv/b/%zz,key,400",
        "/v1/kv/b/%,key,400",
        "/v1/kv/b/%4,key,400",
        "/v1/kv/b/%C3,key,400",
        "/v1/kv/b/%c0%80,key,400",
        "/v1/kv/b/%ed%a0%80,key,400",
        "/v1/kv/%ff/k,bucket,400"
    })
    void whatIsWrongIsNamed(String path, String field, int status) {
        var problem = assertThrows(BadInputException.class, () -> parse(path)).toProblem("id");

        assertEquals(field, problem.field());
        assertEquals(status, problem.status());
    }

    @Test
    void aKeyHasAsManyBytesAsAllowed() throws Exception {
        assertEquals("12345678", parse("/v1/kv/b/12345678").name());
        assertEquals("123456\u00e9", parse("/v1/kv/b/123456%C3%A9").name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/kv/b/..", "/v1/kv/b/.x", "/v1/kv/b//x", "/v1/kv/b/%2e%2E", "/v1/kv/b/a/../../q"})
    void whatARouterWouldRewriteIsKnown(String path) {
        assertTrue(KeyPath.mayBeMisread(path));
        assertFalse(KeyPath.mayBeMisread("/v1/kv/b/a.b/c%2F..d"));
    }

    @Test
    void randomPathsGiveAKeyOrAreBadInput() {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
        for (int i = 0; i < 50_000; i++) {
            var path = new StringBuilder("/v1/kv/b/");
            for (int n = random.nextInt(12); n > 0; n--) {
                path.append(random.nextInt(3) == 0 ? '%' : (char) random.nextInt(256));
            }
            try {
                int bytes = parse(path.toString()).name().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
                assertTrue(bytes >= 1 && bytes <= KEY_BYTES_MAX);
            } catch (BadInputException e) {
                assertTrue(e.toProblem("id").status() >= 400);
            }
        }
    }
}
