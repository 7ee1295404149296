package io.dynamokv.local.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The client API of one address, a node's or the balancer's, as a plain HTTP client sees it. */
final class Api {
    private static final Duration HANGS_AFTER = Duration.ofSeconds(5);
    private static final String CONTEXT = "X-Dynamo-Context";

    record Reply(int status, String body, Optional<String> context, long millis) {}

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(HANGS_AFTER)
            .build();
    private final URI base;

    private Api(URI base) {
        this.base = base;
    }

    static Api balancer(Launcher launcher) {
        return new Api(launcher.url().resolve("/api/v1/kv/"));
    }

    static Api node(DemoDirectory.NodeDocument node) {
        return new Api(URI.create(node.http()).resolve("/v1/kv/"));
    }

    Reply get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().GET(), path);
    }

    Reply put(String path, String value, Optional<String> context) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.ofString(value));
        context.ifPresent(text -> request.header(CONTEXT, text));
        return send(request, path);
    }

    Reply delete(String path, String context) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder().DELETE().header(CONTEXT, context), path);
    }

    private Reply send(HttpRequest.Builder request, String path) throws IOException, InterruptedException {
        long startedNanos = System.nanoTime();
        HttpResponse<String> response = http.send(
                request.uri(base.resolve(path)).timeout(HANGS_AFTER).build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(),
                response.body(),
                response.headers().firstValue(CONTEXT),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos));
    }
}
