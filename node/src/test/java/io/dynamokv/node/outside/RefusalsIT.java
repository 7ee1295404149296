package io.dynamokv.node.outside;

import static io.dynamokv.node.outside.NodeUnderTest.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that reach no resource: their answers are problems with a request id too, and the connection is usable or closed. */
class RefusalsIT extends OneNode {
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "a%",
                "a{b}",
                "a|b",
                "a\"b",
                "a\\b",
                "a^b",
                "k?%",
                "k?r=%zz",
                "k?r=1&x=%",
                "k#f|"
            })
    void aUriThatIsNoneIsAProblem(String key) throws Exception {
        try (RawConnection connection = node.connect()) {
            String head = "GET /v1/kv/carts/" + key + " HTTP/1.1\r\nHost: x\r\n\r\n";
            for (int i = 0; i < 2; i++) {
                JsonNode problem = problemIn(400, connection.say(head).answer());
                assertEquals("path", problem.path("field").asText(), problem::toString);
            }
        }
    }

    /** The first byte beyond is the node's own refusal; from twice the limit on the HTTP server does not read any further. */
    @Test
    void aLineThatIsTooLongIsAProblemUpToTwiceTheLimit() throws Exception {
        String beside = "GET /v1/cluster?=" + " HTTP/1.1";
        String end = " HTTP/1.1\r\nHost: x\r\n\r\n";

        problemOnTheWire(414, "GET /v1/cluster?=" + "x".repeat(8193 - beside.length()) + end);
        JsonNode problem = problemOnTheWire(414, "GET /v1/cluster?=" + "x".repeat(16_000) + end);

        assertEquals("1..8192 bytes", problem.path("limit").asText());
        try (RawConnection connection = node.connect()) {
            connection.say("GET /v1/cluster?=" + "x".repeat(8192 - beside.length()) + end);
            assertEquals(200, connection.answer().status());
            connection.say("GET /v1/cluster?=" + "x".repeat(17_000) + end);
            assertEquals(414, connection.answer().status());
            connection.awaitClose();
        }
    }

    @Test
    void headersThatAreTooLongAreAProblemUpToTwiceTheLimit() throws Exception {
        String head = "GET /v1/cluster HTTP/1.1\r\nHost: x\r\n";
        String header = "X-Long: " + "y".repeat(5000) + "\r\n";

        JsonNode problem = problemOnTheWire(431, head + header.repeat(5) + "X-Request-Id: mine\r\n\r\n");

        assertEquals("headers", problem.path("field").asText());
        assertEquals("0..20480 bytes", problem.path("limit").asText());
        assertEquals("mine", problem.path("requestId").asText());
        try (RawConnection connection = node.connect()) {
            assertEquals(
                    200,
                    connection.say(head + header.repeat(4) + "\r\n").answer().status());
            assertEquals(
                    431,
                    connection.say(head + header.repeat(9) + "\r\n").answer().status());
            connection.awaitClose();
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
                "OPTIONS *",
                "GET /admin/v1/status"
            })
    void otherPathsAreUnknown(String line) throws Exception {
        int status = line.startsWith("CONNECT") ? 400 : 404;
        problemOnTheWire(status, line + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host: a b\r\n"})
    void aHostThatIsNoneIsAProblem(String headers) throws Exception {
        problemOnTheWire(400, "GET /v1/kv/a/b HTTP/1.1\r\n" + headers + "\r\n");
    }

    /** No public API lets an application answer what the HTTP server cannot decode. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -1",
                "Content-Length: abc",
                "b\u0000ad: 1",
                "Content-Length: 1\r\nContent-Length: 2"
            })
    void headersThatCannotBeDecodedAreABare400(String header) throws Exception {
        try (RawConnection connection = node.connect()) {
            connection.say("PUT /v1/kv/a/b HTTP/1.1\r\nHost: x\r\n" + header + "\r\n\r\n");
            assertEquals(400, connection.answer().status());
            connection.awaitClose();
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

    /** It may be announced, or have come so far. */
    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 100000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n186A0\r\n"})
    void aClientThatHangsUpInTheMiddleOfABodyGivesBackWhatItHeld(String header) throws Exception {
        try (RawConnection connection = node.connect()) {
            connection.say("PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\n" + header + "x".repeat(50_000));
            node.await("half a body", () -> node.metric("dynamokv_body_bytes") >= 50_000);
        }
        noBodyIsHeld();
    }

    /** Some while it is stored, some while it is answered. */
    @Test
    void clientsThatHangUpBehindTheirBodiesLeaveNothingHeld() throws Exception {
        String body = "x".repeat(20_000);
        for (int i = 0; i < 200; i++) {
            try (RawConnection connection = node.connect()) {
                connection.say("PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" + body);
            }
        }
        noBodyIsHeld();
    }

    /** The second request begins when the first is answered, and then there is no connection any more that could end. */
    @Test
    void clientsThatHangUpWithinASecondBodyLeaveNothingHeld() throws Exception {
        byte[] first = new byte[100_000];
        for (int i = 0; i < 100; i++) {
            try (RawConnection connection = node.connect()) {
                String put = "PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ";
                connection.say(put + first.length + "\r\n\r\n").say(first).say(put + "1000\r\n\r\nabc");
            }
        }
        noBodyIsHeld();
    }

    /** Half of what may be under way, that is 16 MiB; heads are enough to take it. */
    @Test
    void aBodyThatThereIsNoRoomForIsRefusedAndBehindAShortOneTheConnectionStaysUsable() throws Exception {
        String put = "PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\n";
        var others = new ArrayList<RawConnection>();
        try (RawConnection connection = node.connect()) {
            for (int i = 1; i <= 16; i++) {
                others.add(node.connect().say(put + "Content-Length: " + VALUE_BYTES_MAX + "\r\n\r\n"));
                int held = i * VALUE_BYTES_MAX;
                node.await("room taken", () -> node.metric("dynamokv_body_bytes") == held);
            }
            for (int i = 0; i < 2; i++) {
                connection.say(put + "Content-Length: 200000\r\n\r\n" + "x".repeat(200_000));
                overloaded(connection.answer());
                connection.say("GET /v1/cluster HTTP/1.1\r\nHost: x\r\n\r\n");
                assertEquals(200, connection.answer().status());
            }
            aLongOneIsNotEvenRead(put);
            assertEquals(16 * VALUE_BYTES_MAX, node.metric("dynamokv_body_bytes"));
            others.removeFirst().close();
            node.await("room again", () -> node.metric("dynamokv_body_bytes") == 15 * VALUE_BYTES_MAX);
            connection.say(put + "Content-Length: 200000\r\n\r\n" + "x".repeat(200_000));
            assertEquals(204, connection.answer().status());
        } finally {
            for (RawConnection other : others) {
                other.close();
            }
        }
        noBodyIsHeld();
    }

    private static void aLongOneIsNotEvenRead(String put) throws IOException {
        for (String length : List.of("Content-Length: 300000", "Expect: 100-continue\r\nContent-Length: 5")) {
            try (RawConnection connection = node.connect()) {
                RawConnection.Answer answer =
                        connection.say(put + length + "\r\n\r\n").answer();
                overloaded(answer);
                assertEquals("close", answer.header("Connection"));
                connection.awaitClose();
            }
        }
    }

    private static void overloaded(RawConnection.Answer answer) throws IOException {
        JsonNode problem = problemIn(503, answer);
        assertEquals("urn:dynamokv:problem:overloaded", problem.path("type").asText());
        assertEquals("1", answer.header("Retry-After"));
    }

    /** Nobody knows whether the body will come. */
    @Test
    void aClientThatAsksBeforeItSendsIsRefusedInTimeAndHungUpOn() throws Exception {
        try (RawConnection connection = node.connect()) {
            connection.say("PUT " + newKey() + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: "
                    + (VALUE_BYTES_MAX + 1) + "\r\n\r\n");
            assertEquals(413, connection.answer().status());
            connection.awaitClose();
        }
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
            assertEquals(
                    "value", problemIn(413, connection.answer()).path("field").asText());
            connection.awaitClose();
        }
    }
}
