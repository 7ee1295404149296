package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** One node that is a whole cluster, for the tests of a class; and what its answers must be like. */
@ResourceLock("the one node")
abstract class OneNode {
    static final String CONTEXT = "X-Dynamo-Context";
    static final String REQUEST_ID = "X-Request-Id";
    static final int SIBLINGS_MAX = 4;
    static final int VALUE_BYTES_MAX = 1 << 20;

    @TempDir
    private static Path directory;

    static NodeUnderTest node;
    private static int lastKey;
    private static int logLinesBefore;

    @BeforeAll
    static void aNodeServes() throws Exception {
        logLinesBefore = 0;
        node = NodeUnderTest.start("127.0.0.40", directory.resolve("n"), "dynamokv.limits.siblings-max=" + SIBLINGS_MAX)
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

    static String newKey() {
        lastKey++;
        return "/v1/kv/carts/key-" + lastKey;
    }

    static String contextOf(HttpResponse<byte[]> response) {
        return response.headers()
                .firstValue(CONTEXT)
                .orElseThrow(() -> new AssertionError("no context in " + response + response.headers()));
    }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), UTF_8);
    }

    /** Every error is a problem with its status and request id. */
    static JsonNode problem(int status, HttpResponse<byte[]> response) throws IOException {
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

    /** What a body held is given back with the answer, or with the connection. */
    static void noBodyIsHeld() throws Exception {
        node.await("no body held", () -> node.metric("dynamokv_body_bytes") == 0);
    }

    static JsonNode problemOnTheWire(int status, String request) throws IOException {
        try (RawConnection connection = node.connect()) {
            return problemIn(status, connection.say(request).answer());
        }
    }

    static JsonNode problemIn(int status, RawConnection.Answer answer) throws IOException {
        assertEquals(status, answer.status(), answer::head);
        assertTrue(answer.head().contains("application/problem+json"), answer::head);
        return problemIn(status, answer.body(), answer.header(REQUEST_ID));
    }
}
