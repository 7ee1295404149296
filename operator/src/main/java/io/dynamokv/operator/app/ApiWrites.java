package io.dynamokv.operator.app;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Counts what the API server was asked to change: a steady state asks for nothing but the lease. A dry run changes nothing. */
final class ApiWrites implements Interceptor {
    private final MeterRegistry metrics;

    ApiWrites(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        String query = Objects.requireNonNullElse(request.uri().getQuery(), "");
        if (!request.method().equals("GET") && !query.contains("dryRun=All")) {
            metrics.counter(
                            "dynamokv.operator.api.writes",
                            "verb",
                            request.method().toLowerCase(Locale.ROOT),
                            "resource",
                            resource(request.uri()))
                    .increment();
        }
    }

    /** Of {@code /api/v1/namespaces/NAMESPACE/RESOURCE/...} and its like with a group and without a namespace. */
    static String resource(URI uri) {
        String[] parts = uri.getPath().split("/", -1);
        int first = parts.length > 1 && parts[1].equals("api") ? 3 : 4;
        boolean namespaced = parts.length > first + 2 && parts[first].equals("namespaces");
        int at = namespaced ? first + 2 : first;
        return parts.length > at ? parts[at] : "other";
    }
}
