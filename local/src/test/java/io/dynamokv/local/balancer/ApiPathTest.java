package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiPathTest {
    @Test
    void theKeyAndTheQueryStayAsTheyAre() {
        assertEquals(Optional.of("/v1/kv/b/a%2Fb%20c?r=1&w=2"), ApiPath.forwarded("/api/v1/kv/b/a%2Fb%20c?r=1&w=2"));
    }

    @Test
    void whatANodeSaysOfTheClusterIsForwarded() {
        assertEquals(Optional.of("/v1/cluster"), ApiPath.forwarded("/api/v1/cluster"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/v1",
                "/api/v2/kv/b/k",
                "/api/admin/v1/status",
                "/api/q/metrics",
                "/api//v1/kv/b/k"
            })
    void nothingElseIsForwarded(String uri) {
        assertTrue(ApiPath.isApi(uri));
        assertEquals(Optional.empty(), ApiPath.forwarded(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/status", "/apis/v1/kv", "/?x=/api/v1/"})
    void otherPathsArePages(String uri) {
        assertFalse(ApiPath.isApi(uri));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/../admin",
                "/api/v1/%2e%2E/admin",
                "/api/v1/.%2e/x",
                "/..",
                "/api/v1/kv/./b",
                "/api/v1/kv/b/%2e"
            })
    void dotSegmentsAreFound(String uri) {
        assertTrue(ApiPath.hasDotSegment(uri));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/kv/b/..a", "/api/v1/kv/b/a%2F..%2Fb", "/api/v1/kv/b/...", "/api/v1/kv/b/k?x=/../"})
    void dotsInsideAKeyAreNoDotSegments(String uri) {
        assertFalse(ApiPath.hasDotSegment(uri));
    }
}
