package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static io.dynamokv.node.outside.NodeUnderTest.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client protocol at one node that is a whole cluster: values go in and come out as they were. */
class ReadsAndWritesIT extends OneNode {
    @Test
    void aValueIsReadBackWithItsTypeAndAContext() throws Exception {
        String key = newKey();

        HttpResponse<byte[]> written = node.put(key, "milk", "Content-Type", "text/plain; charset=utf-8");
        HttpResponse<byte[]> read = node.get(key);

        assertEquals(204, written.statusCode());
        assertFalse(contextOf(written).isEmpty());
        assertEquals(200, read.statusCode());
        assertEquals("milk", text(read));
        assertEquals(
                "text/plain; charset=utf-8",
                read.headers().firstValue("Content-Type").orElse("none"));
        assertFalse(contextOf(read).isEmpty());
    }

    @Test
    void whatClientsStoreIsNeverRunByABrowserUnderOurOrigin() throws Exception {
        String key = newKey();
        node.put(key, "<script>alert(1)</script>", "Content-Type", "text/html");

        HttpResponse<byte[]> read = node.get(key);

        assertEquals(
                "nosniff", read.headers().firstValue("X-Content-Type-Options").orElse("none"));
        assertTrue(read.headers()
                .firstValue("Content-Security-Policy")
                .orElse("none")
                .contains("sandbox"));
    }

    @Test
    void nothingIsNotFound() throws Exception {
        HttpResponse<byte[]> response = node.get(newKey());

        problem(404, response);
        assertTrue(response.headers().firstValue(CONTEXT).isEmpty());
    }

    @Test
    void aDeletedValueIsNotFoundAndItsContextCoversTheDelete() throws Exception {
        String key = newKey();
        String context = contextOf(node.put(key, "milk"));

        assertEquals(
                204, send(node.client(key).header(CONTEXT, context).DELETE()).statusCode());
        HttpResponse<byte[]> read = node.get(key);
        problem(404, read);
        assertEquals(204, node.put(key, "bread", CONTEXT, contextOf(read)).statusCode());
        assertEquals("bread", text(node.get(key)));
    }

    @Test
    void aDeleteWithoutAContextDeletesWhatIsThere() throws Exception {
        String key = newKey();
        node.put(key, "milk");
        node.put(key, "bread");

        assertEquals(204, send(node.client(key).DELETE()).statusCode());
        problem(404, node.get(key));
        assertEquals(204, send(node.client(newKey()).DELETE()).statusCode());
    }

    @Test
    void headSaysWhatGetSaysButTheBody() throws Exception {
        String key = newKey();
        node.put(key, "milk", "Content-Type", "text/plain");

        HttpResponse<byte[]> head = send(node.client(key).HEAD());

        assertEquals(200, head.statusCode());
        assertEquals(0, head.body().length);
        assertEquals("text/plain", head.headers().firstValue("Content-Type").orElse("none"));
        assertEquals(contextOf(node.get(key)), contextOf(head));
        assertEquals(404, send(node.client(newKey()).HEAD()).statusCode());
    }

    @Test
    void emptyValuesAreValues() throws Exception {
        String key = newKey();

        assertEquals(204, node.put(key, "").statusCode());
        HttpResponse<byte[]> read = node.get(key);

        assertEquals(200, read.statusCode());
        assertEquals(0, read.body().length);
    }

    @Test
    void aValueOfTheGreatestLengthIsStoredAndOneByteMoreIsNot() throws Exception {
        String key = newKey();
        byte[] greatest = new byte[VALUE_BYTES_MAX];
        greatest[VALUE_BYTES_MAX - 1] = 7;

        assertEquals(
                204,
                send(node.client(key).PUT(BodyPublishers.ofByteArray(greatest))).statusCode());
        JsonNode problem =
                problem(413, send(node.client(key).PUT(BodyPublishers.ofByteArray(new byte[VALUE_BYTES_MAX + 1]))));

        assertEquals("value", problem.path("field").asText());
        assertEquals("0.." + VALUE_BYTES_MAX + " bytes", problem.path("limit").asText());
        assertArrayEquals(greatest, node.get(key).body());
    }

    @Test
    void aChunkedValueIsAValueUpToTheSameLength() throws Exception {
        String key = newKey();
        byte[] greatest = new byte[VALUE_BYTES_MAX];

        assertEquals(204, send(node.client(key).PUT(chunked(greatest))).statusCode());
        JsonNode problem = problem(413, send(node.client(key).PUT(chunked(new byte[VALUE_BYTES_MAX + 1]))));

        assertEquals("value", problem.path("field").asText());
        assertArrayEquals(greatest, node.get(key).body());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8191, 8192, 8193, (64 << 10) + 1, 200 << 10, 1 << 20})
    void everyByteOfAValueComesBackHoweverItIsSent(int length) throws Exception {
        byte[] value = new byte[length];
        new Random(length).nextBytes(value);
        for (BodyPublisher body : List.of(BodyPublishers.ofByteArray(value), chunked(value))) {
            String key = newKey();
            assertEquals(204, send(node.client(key).PUT(body)).statusCode());
            assertArrayEquals(value, node.get(key).body());
        }
        noBodyIsHeld();
    }

    @Test
    void valuesThatComeAtOnceOnOneConnectionAreEachTheirOwn() throws Exception {
        var lengths = List.of(9000, 0, 3, 70_000);
        var requests = new StringBuilder();
        for (int length : lengths) {
            requests.append("PUT /v1/kv/pipelined/" + length + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length
                    + "\r\n\r\n" + String.valueOf((char) ('a' + length % 26)).repeat(length));
        }
        try (RawConnection connection = node.connect()) {
            connection.say(requests.toString());
            for (int length : lengths) {
                assertEquals(204, connection.answer().status(), "of " + length);
            }
        }
        for (int length : lengths) {
            String value = String.valueOf((char) ('a' + length % 26)).repeat(length);
            assertEquals(value, text(node.get("/v1/kv/pipelined/" + length)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 20000", "Transfer-Encoding: chunked"})
    void aClientThatAsksBeforeItSendsIsToldToGoOn(String header) throws Exception {
        String key = newKey();
        String value = "v".repeat(20_000);
        try (RawConnection connection = node.connect()) {
            connection.say("PUT " + key + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + header + "\r\n\r\n");
            assertEquals(100, connection.answer().status());
            connection.say(header.startsWith("T") ? "4E20\r\n" + value + "\r\n0\r\n\r\n" : value);
            assertEquals(204, connection.answer().status());
        }
        assertEquals(value, text(node.get(key)));
    }

    /** A form is bytes like any other, chunked or not. */
    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"})
    void aChunkedValueOfAnyTypeIsStoredAsItIs(String type) throws Exception {
        String key = newKey();

        HttpResponse<byte[]> written =
                send(node.client(key).header("Content-Type", type).PUT(chunked("a=b&c".getBytes(UTF_8))));

        assertEquals(204, written.statusCode());
        assertEquals("a=b&c", text(node.get(key)));
    }

    @Test
    void aChunkedValueGoesToAKeyThatARouterWouldMisread() throws Exception {
        try (RawConnection connection = node.connect()) {
            connection.say("PUT /v1/kv/odd/a/../b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertEquals(204, connection.say("1\r\nv\r\n0\r\n\r\n").answer().status());
            connection.say("GET /v1/kv/odd/a/../b HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals("v", connection.answer().body());
        }
    }

    private static BodyPublisher chunked(byte[] bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain", "multipart/form-data", "multipart/form-data; boundary=x", "application/json",
                "application/x-www-form-urlencoded", "text/plain; charset=nope", "a/b; x=\"y\"", "image/*"
            })
    void aValueOfAnyTypeIsStoredAsItIs(String type) throws Exception {
        String key = newKey();

        assertEquals(204, node.put(key, "a=b&c", "Content-Type", type).statusCode());
        HttpResponse<byte[]> read = node.get(key);

        assertEquals("a=b&c", text(read));
        assertEquals(type, read.headers().firstValue("Content-Type").orElse("none"));
    }

    /** Each is a key of its own, whatever a router would make of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s/a/b",
                "s/a//b",
                "/s",
                "s/",
                "//",
                "..",
                ".",
                "s/../t",
                "../../q/openapi",
                "../../../v1/cluster",
                "s/./t",
                "s/..",
                "s;x=1",
                "s+t",
                "s%20t",
                "s%00t",
                "s%3Fr=1",
                "s%25",
                "s%0d%0at",
                "%E2%82%AC",
                "s%23t",
                "~s",
                "s:t@u!$&'()*,=",
                "..%2F..",
                "s%5Ct",
                "s%7Bt%7D"
            })
    void aKeyMayHoldAnything(String key) throws Exception {
        String path = "/v1/kv/odd/" + key;
        String value = "value of " + key;
        try (RawConnection connection = node.connect()) {
            RawConnection.Answer written = connection
                    .say("PUT " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + value.length() + "\r\n\r\n"
                            + value)
                    .answer();
            RawConnection.Answer read = connection
                    .say("GET " + path + "?r=1 HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer();
            assertEquals(204, written.status(), written::head);
            assertEquals(200, read.status(), read::head);
            assertEquals(value, read.body());
        }
    }

    @Test
    void aSlashInAKeyIsTheSameEncodedOrNot() throws Exception {
        node.put("/v1/kv/slashes/a/b", "v");

        assertEquals("v", text(node.get("/v1/kv/slashes/a%2Fb")));
        assertEquals("v", text(node.get("/v1/kv/slashes/a%2fb")));
        assertEquals("v", text(node.get("/v1/kv/slashes/%61/b")));
        problem(404, node.get("/v1/kv/slashes/a%252Fb"));
    }

    /** curl sends what is typed. */
    @Test
    void aKeyInRawUtf8IsTheSameAsThePercentEncodedOne() throws Exception {
        node.put("/v1/kv/carts/caf%C3%A9%E2%82%AC", "v");
        try (RawConnection connection = node.connect()) {
            RawConnection.Answer read = connection
                    .say("GET /v1/kv/carts/caf\u00c3\u00a9\u00e2\u0082\u00ac HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer();
            assertEquals("v", read.body(), read::head);
        }
    }

    @Test
    void theClusterTellsWhoAnswersItsMapAndMembers() throws Exception {
        HttpResponse<byte[]> response = node.get("/v1/cluster");

        JsonNode cluster = JSON.readTree(response.body());
        assertEquals(200, response.statusCode());
        assertEquals(
                Cluster.ID.toString(), cluster.path("map").path("clusterId").asText());
        assertEquals(node.id().toString(), cluster.path("self").asText());
        assertEquals("alive", cluster.path("members").get(0).path("liveness").asText());
        problem(405, send(node.client("/v1/cluster").DELETE()));
    }

    @Test
    void openApiListsThePaths() throws Exception {
        HttpResponse<byte[]> response = node.get("/q/openapi?format=json");

        JsonNode paths = JSON.readTree(response.body()).path("paths");
        assertEquals(List.of("/v1/cluster", "/v1/kv/{bucket}/{key}"), List.copyOf(new TreeSet<>(names(paths))));
        JsonNode values = paths.path("/v1/kv/{bucket}/{key}");
        assertEquals(new TreeSet<>(List.of("delete", "get", "head", "put")), new TreeSet<>(operations(values)));
        assertTrue(text(node.get("/q/openapi")).startsWith("---\nopenapi: 3"));
    }

    private static List<String> names(JsonNode object) {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    private static List<String> operations(JsonNode path) {
        return names(path).stream()
                .filter(name -> List.of("get", "head", "put", "delete", "post").contains(name))
                .toList();
    }
}
