package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BalancerLimitsTest extends FreshBalancer {
    private static final String PUT = "PUT /api/v1/kv/b/k HTTP/1.1\r\nHost: x\r\n";

    BalancerLimitsTest() {
        fixture.nodes("a");
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndTheConnectionClosed() {
        fixture.start(pages, withSmallBounds());
        String answer = fixture.raw(PUT + "Content-Length: 5000\r\n\r\n" + "v".repeat(5000));
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
        assertEquals(List.of(), fixture.node(0).seen);
    }

    @Test
    void aBodyOfUnknownLengthIsBoundedToo() {
        fixture.start(pages, withSmallBounds());
        String chunk = "3e8\r\n" + "v".repeat(1000) + "\r\n";
        String answer = fixture.raw(PUT + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5) + "0\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    }

    @Test
    void aBodyThatDoesNotArriveIsRefused() {
        fixture.start(pages, withSmallBounds());
        String answer = fixture.raw(PUT + "Content-Length: 10\r\n\r\nv");
        assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
        assertEquals(List.of(), fixture.node(0).seen);
    }

    @Test
    void aClientThatSendsNothingIsClosed() {
        fixture.start(pages, withSmallBounds(1));
        assertEquals("", fixture.raw(""));
        assertEquals("", fixture.raw("GET /api/v1/kv/b/k HTT"));
    }

    @Test
    void headersAreBounded() {
        fixture.start(pages, withSmallBounds());
        String answer =
                fixture.raw("GET /api/v1/kv/b/k HTTP/1.1\r\nHost: x\r\nX-Long: " + "v".repeat(70_000) + "\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertEquals(List.of(), fixture.node(0).seen);
    }

    @Test
    void whatIsNotHttpIsAnsweredOrClosedAndHarmsNobody() {
        fixture.start(pages, withSmallBounds(1));
        for (String nonsense : List.of("\r\n\r\n", "\0\1\2\3\r\n\r\n", "GET\r\n\r\n", "PUT / HTTP/9.9\r\n\r\n")) {
            fixture.raw(nonsense);
        }
        assertEquals("from a", fixture.get("/api/v1/kv/b/k").body());
    }

    private static BalancerSettings withSmallBounds() {
        return withSmallBounds(2);
    }

    private static BalancerSettings withSmallBounds(int idleSeconds) {
        return new BalancerSettings("127.0.0.1", 0, 900, 200, 450, 250, 250, 400, idleSeconds, 1, 4000, 8000, 16);
    }
}
