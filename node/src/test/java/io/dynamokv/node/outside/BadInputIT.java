package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad parameters, keys, buckets and headers: each is named with its limit, and nothing is stored. */
class BadInputIT extends OneNode {
    @ParameterizedTest
    @ValueSource(strings = {"r=0", "r=2", "r=-1", "r=", "r=x", "r=1.0", "r=99999999999", "r=%31%30", "r=%c3"})
    void aReadQuorumOutOfRangeIsNamed(String query) throws Exception {
        JsonNode problem = problem(400, node.get(newKey() + "?" + query));

        assertEquals("r", problem.path("field").asText());
        assertEquals("1..1", problem.path("limit").asText());
    }

    @Test
    void aWriteQuorumOutOfRangeIsNamedAndNothingIsStored() throws Exception {
        String key = newKey();

        assertEquals(
                "w", problem(400, node.put(key + "?w=2", "v")).path("field").asText());
        assertEquals(
                "w",
                problem(400, send(node.client(key + "?w=0").DELETE()))
                        .path("field")
                        .asText());
        problem(404, node.get(key));
        assertEquals(204, node.put(key + "?w=1", "v").statusCode());
        assertEquals(200, node.get(key + "?r=1&w=ignored").statusCode());
    }

    @Test
    void keysAreEmptyNeverAndOf1024BytesAtMost() throws Exception {
        String longest = "/v1/kv/carts/" + "k".repeat(1022) + "%C3%A9";
        String tooLong = "/v1/kv/carts/" + "k".repeat(1023) + "%C3%A9";

        assertEquals(
                "key",
                problem(400, node.put("/v1/kv/carts/", "v")).path("field").asText());
        assertEquals(
                "key", problem(400, node.put("/v1/kv/carts", "v")).path("field").asText());
        assertEquals(204, node.put(longest, "v").statusCode());
        assertEquals("key", problem(414, node.put(tooLong, "v")).path("field").asText());
        assertEquals(
                "1..1024 bytes",
                problem(414, node.get("/v1/kv/carts/" + "k".repeat(1025)))
                        .path("limit")
                        .asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Carts", "-carts", "car%20ts", "c%C3%A9", ".x", "%2e%2e", "", "..", "a%2Fb"})
    void aBucketsNameHasItsForm(String bucket) throws Exception {
        JsonNode problem = problemOnTheWire(400, "GET /v1/kv/" + bucket + "/k HTTP/1.1\r\nHost: x\r\n\r\n");

        assertEquals("bucket", problem.path("field").asText());
    }

    @Test
    void aBucketsNameHas63CharactersAtMost() throws Exception {
        assertEquals(204, node.put("/v1/kv/" + "b".repeat(63) + "/k", "v").statusCode());
        assertEquals(
                "bucket",
                problem(400, node.put("/v1/kv/" + "b".repeat(64) + "/k", "v"))
                        .path("field")
                        .asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%c3", "%ff%fe", "%c0%80", "\u00e9", "a/%80"})
    void aKeyThatIsNotUtf8IsAProblem(String key) throws Exception {
        JsonNode problem = problemOnTheWire(400, "GET /v1/kv/carts/" + key + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertEquals("key", problem.path("field").asText());
    }

    @Test
    void aRequestIdThatCannotBeKeptIsNamed() throws Exception {
        JsonNode problem = problem(400, node.put(newKey(), "v", REQUEST_ID, "r".repeat(129)));

        assertEquals(REQUEST_ID, problem.path("field").asText());
        assertNotEquals("r".repeat(129), problem.path("requestId").asText());
        problemOnTheWire(
                400,
                "PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: caf\u00e9\r\nContent-Length: 1\r\n\r\nv");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "/", "a/b/c", "a/", "text/plain; charset", "a/b;;=", "a/b; x=\"unclosed"})
    void aTypeThatIsNoneIsAProblemOrComesBackAsItWas(String type) throws Exception {
        String key = newKey();

        HttpResponse<byte[]> written = node.put(key, "v", "Content-Type", type);

        if (written.statusCode() == 204) {
            assertEquals(
                    type, node.get(key).headers().firstValue("Content-Type").orElse("none"));
        } else {
            assertEquals("Content-Type", problem(400, written).path("field").asText());
            problem(404, node.get(key));
        }
    }
}
