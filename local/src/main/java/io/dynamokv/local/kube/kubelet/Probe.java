package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** One probe of one container. Asked again and again, it asks the container at its own pace, beside the asking thread. */
final class Probe {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    private final URI uri;
    private final Duration timeout;
    private final long periodNanos;
    private final int failureThreshold;
    private final int successThreshold;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile int failures;
    private volatile int successes;
    private long nextNanos = System.nanoTime();

    private Probe(URI uri, JsonNode probe, Duration every) {
        this.uri = uri;
        timeout = Duration.ofSeconds(probe.path("timeoutSeconds").asInt(1));
        Duration period = Duration.ofSeconds(probe.path("periodSeconds").asInt(10));
        periodNanos = (period.compareTo(every) < 0 ? period : every).toNanos();
        // The same time as with the pod's own pace has to pass, however often it is asked.
        failureThreshold = (int) Math.max(
                probe.path("failureThreshold").asInt(3),
                probe.path("failureThreshold").asInt(3) * period.toNanos() / periodNanos);
        successThreshold = probe.path("successThreshold").asInt(1);
    }

    static Probe of(JsonNode probe, JsonNode container, String address, Duration every) throws NotReadyException {
        JsonNode get = probe.path("httpGet");
        if (get.isMissingNode()) {
            throw new NotReadyException("CreateContainerConfigError", "only httpGet probes are supported");
        }
        int port = port(get.path("port"), container);
        return new Probe(
                URI.create("http://" + address + ":" + port + get.path("path").asText("/")), probe, every);
    }

    private static int port(JsonNode port, JsonNode container) throws NotReadyException {
        if (port.isInt()) {
            return port.intValue();
        }
        for (JsonNode named : container.path("ports")) {
            if (named.path("name").equals(port)) {
                return named.path("containerPort").asInt();
            }
        }
        throw new NotReadyException("CreateContainerConfigError", "no port is called " + port);
    }

    void ask() {
        long now = System.nanoTime();
        if (now - nextNanos >= 0 && underWay.compareAndSet(false, true)) {
            nextNanos = now + periodNanos;
            Thread.ofVirtual().start(this::probe);
        }
    }

    private void probe() {
        boolean good = answersWell();
        successes = good ? successes + 1 : 0;
        failures = good ? 0 : failures + 1;
        underWay.set(false);
    }

    private boolean answersWell() {
        try {
            var request = HttpRequest.newBuilder(uri).timeout(timeout).build();
            int status =
                    HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 400;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    boolean hasSucceeded() {
        return successes >= successThreshold;
    }

    boolean hasFailed() {
        return failures >= failureThreshold;
    }
}
