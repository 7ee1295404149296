package io.dynamokv.node.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.MapSource;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyValueResourceTest {
    /** It was answered 500, "the node failed by a defect": the door closes on another thread, between a request's look at the map and at the secret. */
    @Test
    void aNodeThatClosesWhileARequestComesInIsNotServing() {
        var limits = only(NodeConfig.Limits.class, Map.of("underWayBytesMax", 1_000_000L));
        var closing = new KeyValueResource(
                (request, bytes, answer) -> fail("the node is closed"),
                only(MapSource.class, Map.of("map", Optional.of(SafeToStopTest.MAP))),
                only(NodeConfig.class, Map.of("limits", limits)),
                Optional::empty);
        var request = only(HttpServerRequest.class, Map.of("getHeader", "r-1"));

        Response response = closing.get(only(RoutingContext.class, Map.of("request", request)))
                .toCompletableFuture()
                .join();

        assertEquals(503, response.getStatus());
        assertEquals("urn:dynamokv:problem:not-serving", ((Problem) response.getEntity()).type());
    }

    /** One that has an answer to these methods and to no others. */
    static <T> T only(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, given) -> Optional.ofNullable(answers.get(method.getName()))
                        .orElseThrow(() -> new AssertionError("nobody is to ask for " + method))));
    }
}
