package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static io.dynamokv.node.outside.NodeUnderTest.send;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.WriterId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client protocol (ARCHITECTURE.md section 3) at one node that is a whole cluster, and what it makes of bad input. */
class ClientApiIT {
    private static final String CONTEXT = "X-Dynamo-Context";
    private static final String REQUEST_ID = "X-Request-Id";
    private static final int SIBLINGS_MAX = 4;
    private static final int VALUE_BYTES_MAX = 1 << 20;

    @TempDir
    private static Path directory;

    private static NodeUnderTest node;
    private static int lastKey;
    private static int logLinesBefore;

    @BeforeAll
    static void aNodeServes() throws Exception {
        node = NodeUnderTest.start("127.0.0.21", directory.resolve("n"), "dynamokv.limits.siblings-max=" + SIBLINGS_MAX)
                .awaitOpen();
        Cluster.join(List.of(node));
    }

    @AfterAll
    static void stop() throws Exception {
        node.close();
    }

    /** A client's mistake is the client's: nothing of it belongs into the log. */
    @AfterEach
    void theLogHasNoStackTrace() throws IOException {
        List<String> log = node.log();
        List<String> traces = log.stream()
                .skip(logLinesBefore)
                .filter(line -> line.startsWith("\tat ") || line.contains(" ERROR "))
                .toList();
        logLinesBefore = log.size();
        assertTrue(traces.isEmpty(), () -> String.join("\n", traces));
    }

    private static String newKey() {
        lastKey++;
        return "/v1/kv/carts/key-" + lastKey;
    }

    private static String contextOf(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue(CONTEXT)
                .orElseThrow(() -> new AssertionError("no context in " + response + response.headers()));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    /** Every error is a problem with its status and request id. */
    private static JsonNode problem(int status, HttpResponse<byte[]> response) throws IOException {
        assertEquals(status, response.statusCode(), () -> text(response));
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse("none"));
        return problemIn(
                status,
                text(response),
                response.headers().firstValue(REQUEST_ID).orElse("none"));
    }

    private static JsonNode problemIn(int status, String body, String requestId) throws IOException {
        JsonNode problem = JSON.readTree(body);
        assertEquals(status, problem.path("status").asInt());
        assertTrue(problem.path("type").asText().startsWith("urn:dynamokv:problem:"), body);
        assertFalse(problem.path("title").asText().isBlank(), body);
        assertFalse(problem.path("detail").asText().isBlank(), body);
        assertEquals(requestId, problem.path("requestId").asText());
        return problem;
    }

    private static JsonNode problemOnTheWire(int status, String request) throws IOException {
        try (RawConnection connection = node.connect()) {
            RawConnection.Answer answer = connection.say(request).answer();
            assertEquals(status, answer.status(), answer::head);
            assertTrue(answer.head().contains("application/problem+json"), answer::head);
            JsonNode problem = JSON.readTree(answer.body());
            return problemIn(status, answer.body(), problem.path("requestId").asText());
        }
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
    void theRequestsIdComesBackOrIsMade() throws Exception {
        String key = newKey();

        HttpResponse<byte[]> mine = node.put(key, "v", REQUEST_ID, "my own words");
        HttpResponse<byte[]> made = node.get(key);
        JsonNode problem = problem(
                404,
                send(node.client(newKey()).header(REQUEST_ID, "of a problem").GET()));

        assertEquals("my own words", mine.headers().firstValue(REQUEST_ID).orElse("none"));
        assertEquals(
                made.headers().firstValue(REQUEST_ID).map(UUID::fromString).map(UUID::toString),
                made.headers().firstValue(REQUEST_ID));
        assertEquals("of a problem", problem.path("requestId").asText());
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

    private static BodyPublisher chunked(byte[] bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
    }

    @Test
    void aChunkedValueWithoutEndIsCutOff() throws Exception {
        String chunk = "10000\r\n" + "x".repeat(0x10000) + "\r\n";
        try (RawConnection connection = node.connect()) {
            connection.say("PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 31; i++) {
                connection.say(chunk);
            }
            connection.say(chunk + "1\r\nx\r\n");
            RawConnection.Answer answer = connection.answer();
            assertEquals(413, answer.status(), answer::head);
            connection.awaitClose();
        }
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
        node.put("/v1/kv/carts/caf%C3%A9", "v");
        try (RawConnection connection = node.connect()) {
            RawConnection.Answer read = connection
                    .say("GET /v1/kv/carts/caf\u00c3\u00a9 HTTP/1.1\r\nHost: x\r\n\r\n")
                    .answer();
            assertEquals("v", read.body(), read::head);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%c3", "%ff%fe", "%c0%80", "\u00e9", "a/%80"})
    void aKeyThatIsNotUtf8IsAProblem(String key) throws Exception {
        JsonNode problem = problemOnTheWire(400, "GET /v1/kv/carts/" + key + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertEquals("key", problem.path("field").asText());
    }

    /** Quarkus answers these itself, without a body, before anything of ours is asked. */
    @ParameterizedTest
    @ValueSource(
            strings = {"%", "%4", "%zz", "a%", "a{b}", "a|b", "a\"b", "a\\b", "a^b", "k?%", "k?r=%zz", "k?r=1&x=%"})
    void aUriThatIsNoneIsA400(String key) throws Exception {
        try (RawConnection connection = node.connect()) {
            String head = "GET /v1/kv/carts/" + key + " HTTP/1.1\r\nHost: x\r\n\r\n";
            assertEquals(400, connection.say(head).answer().status());
            assertEquals(400, connection.say(head).answer().status(), "the connection stays usable");
        }
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
    void aRequestIdThatCannotBeKeptIsNamed() throws Exception {
        JsonNode problem = problem(400, node.put(newKey(), "v", REQUEST_ID, "r".repeat(129)));

        assertEquals(REQUEST_ID, problem.path("field").asText());
        assertNotEquals("r".repeat(129), problem.path("requestId").asText());
        problemOnTheWire(
                400,
                "PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: caf\u00e9\r\nContent-Length: 1\r\n\r\nv");
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

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH", "OPTIONS", "TRACE", "NONSENSE"})
    void otherMethodsAreNotAllowed(String method) throws Exception {
        JsonNode problem = problemOnTheWire(405, method + " " + newKey() + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertEquals("GET, HEAD, PUT, DELETE", problem.path("limit").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /",
                "GET /nothing",
                "GET /v1",
                "GET /v1/kv",
                "GET /q/health",
                "GET /q/metrics",
                "GET /q/",
                "CONNECT x:80",
                "GET /admin/v1/status"
            })
    void otherPathsAreUnknown(String line) throws Exception {
        int status = line.startsWith("GET") ? 404 : 400;
        problemOnTheWire(status, line + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/kv/a/b HTTP/1.1\r\n\r\n",
                "GET /v1/kv/a/b HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET /v1/kv/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "PUT /v1/kv/a/b HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n"
            })
    void aHeadThatIsNoneIsA400(String head) throws Exception {
        try (RawConnection connection = node.connect()) {
            assertEquals(400, connection.say(head).answer().status());
        }
    }

    @Test
    void aRefusedRequestLeavesTheConnectionUsable() throws Exception {
        try (RawConnection connection = node.connect()) {
            for (String path :
                    List.of("/nothing", "/v1/kv/Carts/k", "/v1/kv/carts/%zz", "/v1/kv/carts/" + "k".repeat(1025))) {
                connection.say("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertTrue(connection.answer().status() >= 400);
            }
            connection.say("GET /v1/cluster HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals(200, connection.answer().status());
        }
    }

    /** Its end cannot be found, and what would follow might be anything. */
    @Test
    void aConnectionThatStillOwesABodyIsClosedAfterTheRefusal() throws Exception {
        try (RawConnection connection = node.connect()) {
            connection.say("PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n");
            assertEquals(413, connection.answer().status());
            connection.awaitClose();
        }
    }

    @Test
    void theClusterTellsItsMapAndMembers() throws Exception {
        HttpResponse<byte[]> response = node.get("/v1/cluster");

        JsonNode cluster = JSON.readTree(response.body());
        assertEquals(200, response.statusCode());
        assertEquals(
                Cluster.ID.toString(), cluster.path("map").path("clusterId").asText());
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
