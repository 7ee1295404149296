package io.dynamokv.e2e.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The store as a client behind an Ingress sees it. Not answering is an answer here: status 0. */
public final class StoreClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String CONTEXT = "X-Dynamo-Context";

    /**
     * @param status 0 if no answer came
     * @param why what the body said of an answer without versions
     */
    public record Answer(
            int status, List<String> versions, @Nullable String context, String why) {
        private static final Pattern PROBLEM = Pattern.compile("\"type\":\"urn:dynamokv:problem:([a-z-]+)\"");

        /** A node failed by a defect: no fault of a machine or a network explains that. */
        public static final String DEFECT = "500 internal";

        /** The status, and whose word it is: the type of a problem of ours, or that it is none of ours, as what an Ingress says by itself. */
        public String kind() {
            if (status == 0) {
                return "no answer";
            }
            if (status < 400) {
                return Integer.toString(status);
            }
            Matcher problem = PROBLEM.matcher(why);
            return status + " " + (problem.find() ? problem.group(1) : "of others");
        }
    }

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final URI base;
    private final @Nullable String host;
    private final String prefix;

    /**
     * Through the cart's front end.
     *
     * @param host the Host header, where the name does not lead to the address by itself
     */
    public StoreClient(URI base, @Nullable String host) {
        this(base, host, "/api/v1/kv/e2e/");
    }

    /** @param prefix of all keys, ending with a slash */
    public StoreClient(URI base, @Nullable String host, String prefix) {
        this.base = base;
        this.host = host;
        this.prefix = prefix;
    }

    public Answer put(String key, String value, @Nullable String context, String requestId) {
        HttpRequest.Builder request = request(key)
                .header("Content-Type", "text/plain")
                .header("X-Request-Id", requestId)
                .PUT(HttpRequest.BodyPublishers.ofString(value));
        if (context != null) {
            request.header(CONTEXT, context);
        }
        return send(request.build());
    }

    public Answer get(String key) {
        return send(request(key).GET().build());
    }

    private HttpRequest.Builder request(String key) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(base.resolve(prefix + key)).timeout(TIMEOUT);
        return host == null ? request : request.header("Host", host);
    }

    private Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            String context = response.headers().firstValue(CONTEXT).orElse(null);
            String text = new String(response.body(), StandardCharsets.UTF_8);
            return switch (response.statusCode()) {
                case 200 -> new Answer(200, List.of(text), context, "");
                case 300 -> new Answer(300, siblings(text), context, "");
                default -> new Answer(response.statusCode(), List.of(), context, text);
            };
        } catch (IOException e) {
            return new Answer(0, List.of(), null, String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(0, List.of(), null, "interrupted");
        }
    }

    private List<String> siblings(String body) throws IOException {
        var values = new ArrayList<String>();
        for (JsonNode version : json.readTree(body).path("versions")) {
            values.add(
                    new String(Base64.getDecoder().decode(version.path("value").asText()), StandardCharsets.UTF_8));
        }
        return values;
    }
}
