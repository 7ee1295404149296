package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticPagesTest extends FreshBalancer {
    @BeforeEach
    void writePages() throws IOException {
        Path dist = pages.resolve("dist");
        Files.createDirectories(dist.resolve("assets"));
        Files.writeString(dist.resolve("index.html"), "<title>the cart</title>");
        Files.writeString(dist.resolve("status.html"), "<title>the nodes</title>");
        Files.writeString(dist.resolve("assets/index-1a2b.js"), "go()");
        Files.writeString(dist.resolve(".hidden"), "secret");
        Files.writeString(pages.resolve("outside.txt"), "secret");
        fixture.nodes("a").start(dist);
    }

    @Test
    void theCartIsAtTheRoot() {
        HttpResponse<String> answer = fixture.get("/");
        assertEquals(200, answer.statusCode());
        assertEquals("<title>the cart</title>", answer.body());
        assertTrue(header(answer, "Content-Type").startsWith("text/html"), answer::toString);
    }

    @Test
    void thePageAboutTheNodesIsAtStatusUnderTheRulesOfTheCart() {
        HttpResponse<String> cart = fixture.get("/");
        HttpResponse<String> answer = fixture.get("/status");

        assertEquals(200, answer.statusCode());
        assertEquals("<title>the nodes</title>", answer.body());
        for (String name : List.of(
                "Content-Type",
                "Content-Security-Policy",
                "X-Content-Type-Options",
                "Referrer-Policy",
                "Cache-Control")) {
            assertEquals(cart.headers().allValues(name), answer.headers().allValues(name), name);
        }
        assertEquals(200, fixture.send("/status", request -> request.HEAD()).statusCode());
    }

    @Test
    void pagesMayLoadNothingFromElsewhereAndBeFramedByNobody() {
        HttpResponse<String> answer = fixture.get("/");
        String policy = header(answer, "Content-Security-Policy");
        assertTrue(policy.contains("default-src 'self'"), policy);
        assertTrue(policy.contains("object-src 'none'"), policy);
        assertTrue(policy.contains("base-uri 'none'"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals("nosniff", header(answer, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(answer, "Referrer-Policy"));
    }

    @Test
    void onlyFilesThatNeverChangeAreKept() {
        assertEquals("no-cache", header(fixture.get("/"), "Cache-Control"));
        assertEquals("no-cache", header(fixture.get("/index.html"), "Cache-Control"));
        assertEquals(
                "public, max-age=31536000, immutable", header(fixture.get("/assets/index-1a2b.js"), "Cache-Control"));
        assertFalse(header(fixture.get("/assets/none.js"), "Cache-Control").contains("immutable"));
    }

    @Test
    void anUnchangedPageIsNotSentAgain() {
        String modified = header(fixture.get("/"), "Last-Modified");
        HttpResponse<String> answer = fixture.send("/", request -> request.GET().header("If-Modified-Since", modified));
        assertEquals(304, answer.statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../outside.txt",
                "/assets/../../outside.txt",
                "/%2e%2e/outside.txt",
                "/..%2foutside.txt",
                "/assets/..%2f..%2foutside.txt",
                "/..%5coutside.txt",
                "//outside.txt",
                "/.hidden",
                "/assets/",
                "/status/",
                "/status/x",
                "/nothing"
            })
    void nothingElseOfTheMachineIsShown(String path) {
        String answer = fixture.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        assertFalse(answer.contains("secret"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/status"})
    void pagesAreOnlyRead(String path) {
        HttpResponse<String> answer = fixture.send(path, request -> request.POST(BodyPublishers.ofString("x")));
        assertEquals(405, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
    }

    @Test
    void headOfAPageHasItsLength() {
        HttpResponse<String> answer = fixture.send("/", request -> request.HEAD());
        assertEquals(200, answer.statusCode());
        assertEquals("23", header(answer, "Content-Length"));
    }

    private static String header(HttpResponse<?> answer, String name) {
        Optional<String> value = answer.headers().firstValue(name);
        return value.orElse("(no " + name + ")");
    }
}
