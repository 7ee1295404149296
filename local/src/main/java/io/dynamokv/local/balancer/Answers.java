package io.dynamokv.local.balancer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;

/** Makes a node's collected answer ready to be passed on: its body, its length where there is no body, and no header that meant the connection to the node. */
final class Answers {
    private static final List<String> OF_THE_CONNECTION =
            List.of("connection", "keep-alive", "proxy-authenticate", "trailer", "upgrade");
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private Answers() {}

    static void complete(ProxyResponse response, Buffer body) {
        OF_THE_CONNECTION.forEach(response.headers()::remove);
        boolean head = response.request().getMethod().equals(HttpMethod.HEAD);
        String length = response.headers().get(HttpHeaders.CONTENT_LENGTH);
        if (response.getStatusCode() == NO_CONTENT) {
            response.headers().remove(HttpHeaders.CONTENT_LENGTH);
            response.setBody(null);
        } else if (head || response.getStatusCode() == NOT_MODIFIED) {
            // The length is that of the body which a GET would have had.
            response.setBody(
                    length == null ? null : Body.body(Body.body(Buffer.buffer()).stream(), Long.parseLong(length)));
        } else {
            response.setBody(Body.body(body));
        }
        // A value is anybody's bytes under the cart's own origin: it must never run as a page of the cart.
        response.putHeader("Content-Security-Policy", "default-src 'none'; sandbox");
        response.putHeader("X-Content-Type-Options", "nosniff");
    }
}
