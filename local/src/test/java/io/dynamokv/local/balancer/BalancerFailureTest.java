package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.local.Waiting;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a client sees of nodes that die, stop or break off: rule W3, and never more than a second. */
class BalancerFailureTest extends FreshBalancer {
    /** The balancer's own bound is a second; a test only tells an answer from a hang, whatever else the machine is doing. */
    private static final long HANGS_AFTER_MILLIS = 4000;

    @Test
    void aNodeThatRefusesConnectionsIsNotNoticedByClients() {
        fixture.nodes("a", "b", "c").start(pages);
        fixture.node(0).refuseRequests();
        for (int i = 0; i < 6; i++) {
            assertEquals(200, promptly(() -> fixture.get("/api/v1/kv/b/k")).statusCode());
            assertEquals(200, promptly(() -> fixture.put("/api/v1/kv/b/k", "v")).statusCode());
        }
    }

    @Test
    void aWriteThatReachedNobodyIsSentElsewhereWithItsBody() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).refuseRequests();
        for (int i = 0; i < 4; i++) {
            fixture.put("/api/v1/kv/b/k", "value " + i);
        }
        assertEquals(
                "[value 0, value 1, value 2, value 3]",
                fixture.node(1).seen.stream()
                        .map(seen -> seen.body().toString())
                        .toList()
                        .toString());
    }

    @Test
    void aReadGoesToAnotherNodeWhenTheFirstIsSilent() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).fallSilent();
        for (int i = 0; i < 4; i++) {
            HttpResponse<String> answer = promptly(() -> fixture.get("/api/v1/kv/b/k"));
            assertEquals(200, answer.statusCode());
            assertEquals("from b", answer.body());
        }
    }

    @Test
    void writesAvoidASilentNodeOnceOneIsOverdue() {
        fixture.nodes("a", "b", "c").start(pages);
        fixture.node(0).fallSilent();
        for (int i = 0; i < 12; i++) {
            assertEquals(200, promptly(() -> fixture.put("/api/v1/kv/b/k", "v")).statusCode());
        }
        assertEquals(1, fixture.node(0).seen.size());
    }

    /** Breaking a request off once counted it as ended twice, and the node seemed idler than the others from then on. */
    @Test
    void aNodeThatWasSilentGetsItsShareAgainAndNoMore() {
        var slowProbes = new BalancerSettings("127.0.0.1", 0, 400, 100, 200, 250, 100, 2000, 15, 10, 4000, 8000, 16);
        fixture.nodes("a", "b").start(pages, slowProbes);
        fixture.node(0).fallSilent();
        Waiting.until("a write meets the silence", () -> {
            fixture.put("/api/v1/kv/b/k", "v");
            return !fixture.node(0).seen.isEmpty();
        });
        Waiting.until("a is out", () -> fixture.log.contains("a gets no requests: it did not answer a request"));
        fixture.node(0).speakAgain();
        Waiting.until("a is back", () -> fixture.log.contains("a takes requests again"));
        int before = fixture.node(0).seen.size();
        for (int i = 0; i < 10; i++) {
            fixture.get("/api/v1/kv/b/k");
        }
        assertEquals(5, fixture.node(0).seen.size() - before);
    }

    @Test
    void aSilentNodeIsTakenOutAndComesBack() {
        fixture.nodes("a", "b").start(pages);
        fixture.node(0).fallSilent();
        Waiting.until("a is out", () -> fixture.log.contains("a gets no requests: it does not answer"));
        fixture.node(0).speakAgain();
        Waiting.until("a is back", () -> fixture.log.contains("a takes requests again"));
        Waiting.until("a is asked", () -> fixture.get("/api/v1/kv/b/k").body().equals("from a"));
    }

    @Test
    void aNodeThatIsNotReadyGetsNoRequests() {
        fixture.nodes("a", "b");
        fixture.node(0).ready(false);
        fixture.start(pages);
        for (int i = 0; i < 6; i++) {
            assertEquals("from b", fixture.get("/api/v1/kv/b/k").body());
        }
    }

    @Test
    void withoutAHealthyNodeEverythingIsRefusedAtOnce() {
        fixture.nodes("a");
        fixture.node(0).ready(false);
        fixture.start(pages);
        HttpResponse<String> answer = promptly(() -> fixture.put("/api/v1/kv/b/k", "v"));
        assertProblem(503, "No node can answer", answer);
        assertEquals(Optional.of("1"), answer.headers().firstValue("Retry-After"));
        assertProblem(503, "No node can answer", promptly(() -> fixture.get("/api/v1/kv/b/k")));
    }

    @Test
    void aReadThatBreaksOffHalfWayIsReadElsewhere() {
        fixture.nodes("a", "b").start(pages);
        breaksOffHalfWay(fixture.node(0));
        for (int i = 0; i < 4; i++) {
            HttpResponse<String> answer = promptly(() -> fixture.get("/api/v1/kv/b/k"));
            assertEquals(200, answer.statusCode());
            assertEquals("from b", answer.body());
        }
    }

    @Test
    void aReadThatNobodyAnswersEndsInTime() {
        fixture.nodes("a", "b").start(pages);
        fixture.nodes.forEach(FakeNode::fallSilent);
        HttpResponse<String> answer = promptly(() -> fixture.get("/api/v1/kv/b/k"));
        assertTrue(answer.statusCode() == 504 || answer.statusCode() == 503, answer::toString);
    }

    @Test
    void aClientThatGoesAwayDoesNotCostTheNodeItsPlace() throws IOException {
        fixture.nodes("a").start(pages);
        fixture.node(0).answering(request -> {});
        for (int i = 0; i < 3; i++) {
            int seenBefore = fixture.node(0).seen.size();
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), fixture.port())) {
                socket.getOutputStream()
                        .write("PUT /api/v1/kv/b/k HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv"
                                .getBytes(StandardCharsets.US_ASCII));
                Waiting.until("the node has it", () -> fixture.node(0).seen.size() > seenBefore);
            }
        }
        fixture.node(0).answering(request -> request.response().end("still here"));
        assertEquals("still here", fixture.get("/api/v1/kv/b/k").body());
        assertEquals("[]", fixture.log.toString());
    }

    private static void breaksOffHalfWay(FakeNode node) {
        node.answering(request -> {
            request.response().putHeader("Content-Length", "100000");
            request.response()
                    .write(Buffer.buffer(new byte[1000]))
                    .onSuccess(_ -> request.connection().close());
        });
    }

    private static void assertProblem(int status, String title, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(Optional.of("application/problem+json"), answer.headers().firstValue("Content-Type"));
        var problem = new JsonObject(answer.body());
        assertEquals(title, problem.getString("title"));
        assertEquals(status, problem.getInteger("status"));
        assertEquals(answer.headers().firstValue("X-Request-Id"), Optional.of(problem.getString("requestId")));
    }

    private static <T> T promptly(Supplier<T> request) {
        long begin = System.nanoTime();
        T answer = request.get();
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis < HANGS_AFTER_MILLIS, () -> "took " + millis + " ms");
        return answer;
    }
}
