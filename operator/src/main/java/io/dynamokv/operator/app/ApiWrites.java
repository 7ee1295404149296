package io.dynamokv.operator.app;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Locale;
import java.util.Objects;

/**
 * Counts what the reconciler asked the API server to change: nothing in a steady state. A dry run changes nothing. Statuses and the lease are the
 * framework's, which has a client of its own.
 */
final class ApiWrites implements Interceptor {
    private final MeterRegistry metrics;

    ApiWrites(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
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
