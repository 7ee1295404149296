import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The training run in the image's build: starts the operator's process on an API that is empty, which is everything up to the first resource, and stops
 * it, so that the JVM leaves its cache (JEP 514). The arguments are the command line. Fails the build when the operator does not become ready.
 */
final class TrainOperator {
    private static final URI READY = URI.create("http://127.0.0.1:8080/q/health/ready");
    private static final int START_SECONDS_MAX = 120;
    private static final int WRITE_SECONDS_MAX = 300;

    private TrainOperator() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        HttpServer api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext("/", TrainOperator::answer);
        api.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        api.start();
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment()
                .put("KUBERNETES_MASTER", "http://127.0.0.1:" + api.getAddress().getPort());
        Process operator = builder.start();
        try {
            awaitStart(operator);
        } finally {
            operator.destroy();
            if (!operator.waitFor(WRITE_SECONDS_MAX, TimeUnit.SECONDS)) {
                operator.destroyForcibly();
            }
            api.stop(0);
        }
    }

    /** Lists are empty; a watch hears of nothing and stays open until the training ends. */
    private static void answer(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        if (exchange.getRequestHeaders().containsKey("Upgrade")) {
            exchange.sendResponseHeaders(200, -1); // no WebSockets here: the client asks again without; at a 503 it would try for 20 s before
            return;
        }
        if (query != null && query.contains("watch=true")) {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().flush();
            return;
        }
        byte[] body = "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private static void awaitStart(Process operator) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (operator.isAlive() && System.nanoTime() - deadlineNanos < 0) {
            try {
                var request = HttpRequest.newBuilder(READY).build();
                if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException _) {
                // It has not opened its port yet.
            }
            TimeUnit.MILLISECONDS.sleep(25);
        }
        throw new IllegalStateException("the operator of the training run did not start");
    }
}
