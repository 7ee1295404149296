package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalancerForwardingTest extends FreshBalancer {
    @Test
    void spreadsRequestsOverAllNodes() {
        fixture.nodes("a", "b", "c").start(pages);
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 9; i++) {
            answers.add(fixture.get("/api/v1/kv/b/k").body());
        }
        assertEquals(Set.of("from a", "from b", "from c"), answers);
    }

    @Test
    void passesEncodedSlashesAndTheQueryOnUnchanged() {
        fixture.nodes("a").start(pages);
        fixture.get("/api/v1/kv/b/a%2Fb%20c%C3%A9?r=1&w=2");
        assertEquals(
                "/v1/kv/b/a%2Fb%20c%C3%A9?r=1&w=2",
                fixture.node(0).seen.getFirst().uri());
    }

    @Test
    void passesMethodHeadersAndBodyOn() {
        fixture.nodes("a").start(pages);
        fixture.send(
                "/api/v1/kv/b/k",
                request -> request.method("PUT", BodyPublishers.ofString("v"))
                        .header("X-Dynamo-Context", "abc")
                        .header("Content-Type", "text/x-special")
                        .header("TE", "trailers")
                        .header("X-Request-Id", "mine"));
        FakeNode.Seen seen = fixture.node(0).seen.getFirst();
        assertEquals("PUT", seen.method());
        assertEquals("v", seen.body().toString());
        assertEquals("abc", seen.headers().get("X-Dynamo-Context"));
        assertEquals("text/x-special", seen.headers().get("Content-Type"));
        assertEquals("mine", seen.headers().get("X-Request-Id"));
        assertFalse(seen.headers().contains("TE"));
    }

    @Test
    void aBodyOfUnknownLengthArrives() {
        fixture.nodes("a").start(pages);
        byte[] value = random(100_000);
        fixture.send(
                "/api/v1/kv/b/k",
                request -> request.PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(value))));
        assertArrayEquals(value, fixture.node(0).seen.getFirst().body().getBytes());
    }

    @Test
    void makesARequestIdWhereThereIsNoneAndTellsIt() {
        fixture.nodes("a").start(pages);
        HttpResponse<String> answer = fixture.put("/api/v1/kv/b/k", "v");
        Optional<String> id = answer.headers().firstValue("X-Request-Id");
        assertEquals(
                id,
                Optional.ofNullable(fixture.node(0).seen.getFirst().headers().get("X-Request-Id")));
        assertTrue(id.orElse("").matches("[0-9a-f-]{36}"), id::toString);
    }

    @Test
    void passesStatusAndHeadersOfAnAnswerOn() {
        fixture.nodes("a").start(pages);
        fixture.node(0)
                .answering(request -> request.response()
                        .setStatusCode(300)
                        .putHeader("X-Dynamo-Context", "ctx")
                        .putHeader("Content-Type", "application/json")
                        .putHeader("Connection", "keep-alive")
                        .end("{\"versions\":[]}"));
        HttpResponse<String> answer = fixture.get("/api/v1/kv/b/k");
        assertEquals(300, answer.statusCode());
        assertEquals("{\"versions\":[]}", answer.body());
        assertEquals(Optional.of("ctx"), answer.headers().firstValue("X-Dynamo-Context"));
        assertEquals(Optional.of("application/json"), answer.headers().firstValue("Content-Type"));
        assertEquals(Optional.empty(), answer.headers().firstValue("Connection"));
    }

    @Test
    void aNodesRefusalIsPassedOnAndNotRepeated() {
        fixture.nodes("a", "b").start(pages);
        fixture.nodes.forEach(node ->
                node.answering(request -> request.response().setStatusCode(503).end("{\"votesNeeded\":2}")));
        HttpResponse<String> answer = fixture.get("/api/v1/kv/b/k");
        assertEquals(503, answer.statusCode());
        assertEquals("{\"votesNeeded\":2}", answer.body());
        assertEquals(1, fixture.node(0).seen.size() + fixture.node(1).seen.size());
    }

    @Test
    void anAnswerWithoutABodyStaysWithoutOne() {
        fixture.nodes("a").start(pages);
        fixture.node(0)
                .answering(request -> request.response()
                        .setStatusCode(204)
                        .putHeader("X-Dynamo-Context", "ctx")
                        .end());
        HttpResponse<String> answer = fixture.put("/api/v1/kv/b/k", "v");
        assertEquals(204, answer.statusCode());
        assertEquals(Optional.of("ctx"), answer.headers().firstValue("X-Dynamo-Context"));
        assertEquals(Optional.empty(), answer.headers().firstValue("Transfer-Encoding"));
    }

    @Test
    void headTellsTheLengthAndSendsNothing() {
        fixture.nodes("a").start(pages);
        fixture.node(0)
                .answering(request ->
                        request.response().putHeader("Content-Length", "1024").end());
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = fixture.send("/api/v1/kv/b/k", request -> request.HEAD());
            assertEquals(200, answer.statusCode());
            assertEquals(Optional.of("1024"), answer.headers().firstValue("Content-Length"));
            assertEquals("", answer.body());
        }
    }

    @Test
    void notModifiedIsPassedOn() {
        fixture.nodes("a").start(pages);
        fixture.node(0)
                .answering(request -> request.response()
                        .setStatusCode(304)
                        .putHeader("ETag", "\"1\"")
                        .end());
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer = fixture.get("/api/v1/kv/b/k");
            assertEquals(304, answer.statusCode());
            assertEquals(Optional.of("\"1\""), answer.headers().firstValue("ETag"));
        }
    }

    @Test
    void largeValuesPassBothWays() {
        fixture.nodes("a").start(pages);
        byte[] value = random(1024 * 1024);
        fixture.node(0).answering(request -> request.response().end(Buffer.buffer(value)));
        HttpResponse<byte[]> answer = fixture.sendAs(
                "/api/v1/kv/b/k",
                request -> request.PUT(BodyPublishers.ofByteArray(value)),
                BodyHandlers.ofByteArray());
        assertArrayEquals(value, fixture.node(0).seen.getFirst().body().getBytes());
        assertArrayEquals(value, answer.body());
    }

    @Test
    void aValueCannotRunAsAPage() {
        fixture.nodes("a").start(pages);
        fixture.node(0)
                .answering(request -> request.response()
                        .putHeader("Content-Type", "text/html")
                        .end("<script>alert(1)</script>"));
        HttpResponse<String> answer = fixture.get("/api/v1/kv/b/k");
        assertEquals(
                Optional.of("default-src 'none'; sandbox"), answer.headers().firstValue("Content-Security-Policy"));
        assertEquals(Optional.of("nosniff"), answer.headers().firstValue("X-Content-Type-Options"));
    }

    @Test
    void theAdminSideOfANodeCannotBeReached() {
        fixture.nodes("a").start(pages);
        for (String path : new String[] {"/api/admin/v1/status", "/api/q/metrics", "/api/v2/x", "/api/"}) {
            HttpResponse<String> answer = fixture.get(path);
            assertEquals(404, answer.statusCode(), path);
            assertEquals(
                    Optional.of("application/problem+json"), answer.headers().firstValue("Content-Type"));
        }
        String answer =
                fixture.raw("GET /api/v1/%2e%2e/admin/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
        assertEquals(0, fixture.node(0).seen.size());
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
