import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The training run in the image's build: starts the operator's process without an API server, which is everything up to its first watch, and stops it,
 * so that the JVM leaves its cache (JEP 514). The arguments are the command line.
 */
final class TrainOperator {
    private static final URI METRICS = URI.create("http://127.0.0.1:8080/q/metrics");
    private static final int START_SECONDS_MAX = 120;
    private static final int WRITE_SECONDS_MAX = 300;

    private TrainOperator() {}

    public static void main(String[] command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment()
                .putAll(Map.of(
                        "DYNAMOKV_OPERATOR_START", "false", "KUBERNETES_MASTER", "http://127.0.0.1:1"));
        Process operator = builder.start();
        try {
            awaitStart(operator);
        } finally {
            operator.destroy();
            if (!operator.waitFor(WRITE_SECONDS_MAX, TimeUnit.SECONDS)) {
                operator.destroyForcibly();
            }
        }
    }

    private static void awaitStart(Process operator) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (operator.isAlive() && System.nanoTime() - deadlineNanos < 0) {
            try {
                var request = HttpRequest.newBuilder(METRICS).build();
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
