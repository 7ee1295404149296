package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static io.dynamokv.node.outside.NodeUnderTest.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.WriterId;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client has seen, what its write replaces, and what stays beside it (rules D4, D6, D7, W4). */
class SiblingsAndContextsIT extends OneNode {
    @Test
    void twoWritesWithOneContextBecomeSiblingsAndTheMergedContextEndsThem() throws Exception {
        String key = newKey();
        String context = contextOf(node.put(key, "nothing"));

        assertTrue(node.put(key, "milk", CONTEXT, context)
                .headers()
                .firstValue(CONTEXT)
                .isPresent());
        HttpResponse<byte[]> second = node.put(key, "bread", CONTEXT, context);
        assertTrue(second.headers().firstValue(CONTEXT).isEmpty(), "D4: no context beside a sibling never seen");
        HttpResponse<byte[]> both = node.get(key);
        assertEquals(new TreeSet<>(List.of("bread", "milk")), versionsIn(both));

        assertEquals(204, node.put(key, "bread, milk", CONTEXT, contextOf(both)).statusCode());
        HttpResponse<byte[]> merged = node.get(key);
        assertEquals(200, merged.statusCode());
        assertEquals("bread, milk", text(merged));
    }

    @Test
    void aLatestBucketAnswersTheLastWrite() throws Exception {
        String key = "/v1/kv/latest-things/k";
        node.put(key, "first");
        node.put(key, "second");

        HttpResponse<byte[]> read = node.get(key);

        assertEquals(200, read.statusCode());
        assertEquals("second", text(read));
    }

    @Test
    void tooManySiblingsAreRefusedAndTheMergedWriteIsNot() throws Exception {
        String key = newKey();
        for (int i = 0; i < SIBLINGS_MAX; i++) {
            assertEquals(204, node.put(key, "v" + i).statusCode());
        }

        JsonNode problem = problem(409, node.put(key, "one too many"));

        assertEquals(SIBLINGS_MAX + " siblings", problem.path("limit").asText());
        HttpResponse<byte[]> read = node.get(key);
        assertEquals(SIBLINGS_MAX, versionsIn(read).size());
        assertEquals(204, node.put(key, "merged", CONTEXT, contextOf(read)).statusCode());
    }

    private static Set<String> versionsIn(HttpResponse<byte[]> response) throws IOException {
        assertEquals(300, response.statusCode(), () -> text(response));
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElse("none"));
        var versions = new TreeSet<String>();
        for (JsonNode version : JSON.readTree(response.body()).path("versions")) {
            versions.add(
                    new String(Base64.getDecoder().decode(version.path("value").asText()), UTF_8));
            assertFalse(version.path("contentType").asText().isEmpty());
        }
        return versions;
    }

    @Test
    void w4_aRepeatMakesOneVersion() throws Exception {
        String key = newKey();
        String context = contextOf(node.put(key, "before"));
        String id = UUID.randomUUID().toString();

        node.put(key, "milk", CONTEXT, context, REQUEST_ID, id);
        HttpResponse<byte[]> repeated = node.put(key, "milk", CONTEXT, context, REQUEST_ID, id);

        assertEquals(204, repeated.statusCode());
        assertEquals(200, node.get(key).statusCode());
        assertEquals("milk", text(node.get(key)));
    }

    @Test
    void w4_theSameIdWithAnotherValueIsRefused() throws Exception {
        String key = newKey();
        node.put(key, "milk", REQUEST_ID, "id-of-milk");

        problem(422, node.put(key, "bread", REQUEST_ID, "id-of-milk"));

        assertEquals("milk", text(node.get(key)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!!", "AQ", "", "AQJrMQ", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"})
    void aBrokenContextIsNamed(String context) throws Exception {
        String key = newKey();

        JsonNode problem = problem(context.startsWith("AQEB") ? 412 : 400, node.put(key, "v", CONTEXT, context));

        assertEquals(CONTEXT, problem.path("field").asText());
        problem(404, node.get(key));
    }

    @Test
    void d4_aForgedContextOrOneOfAnotherKeyIsRefused() throws Exception {
        String key = newKey();
        String other = contextOf(node.put(newKey(), "v"));
        String own = contextOf(node.put(key, "v"));
        char flipped = own.charAt(own.length() - 2) == 'A' ? 'B' : 'A';
        String forged = own.substring(0, own.length() - 2) + flipped + own.substring(own.length() - 1);

        assertEquals(
                CONTEXT,
                problem(400, node.put(key, "w", CONTEXT, other)).path("field").asText());
        problem(400, node.put(key, "w", CONTEXT, forged));
        problem(400, send(node.client(key).header(CONTEXT, other).DELETE()));
        assertEquals("v", text(node.get(key)));
    }

    @Test
    void d7_aContextOfAKeyThatIsNoLongerListedMeansReadAgain() throws Exception {
        String key = newKey();
        var old = new ContextCodec(ClusterSecret.parse("gone:ffffffffffffffffffffffffffffffff"));
        String context = old.seal(
                "carts", key.substring(key.lastIndexOf('/') + 1), VersionVector.of(new Dot(new WriterId(1), 1)));

        JsonNode problem = problem(412, node.put(key, "v", CONTEXT, context));

        assertTrue(problem.path("detail").asText().contains("read again"), problem::toString);
    }

    @Test
    void aBucketsOwnLimitsAreNamed() throws Exception {
        String key = "/v1/kv/small-things/k";

        JsonNode tooLong = problem(413, node.put(key, "eleven byte"));
        node.put(key, "ten bytes.");
        node.put(key, "b");
        JsonNode tooMany = problem(409, node.put(key, "c"));

        assertEquals("0..10 bytes", tooLong.path("limit").asText());
        assertEquals("2 siblings", tooMany.path("limit").asText());
        assertEquals(new TreeSet<>(List.of("b", "ten bytes.")), versionsIn(node.get(key)));
    }
}
