package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that speak HTTP/2, as Java's own does by default: the first request asks for the upgrade, the others have it. All of a client share a connection,
 * and what is refused takes none of the others with it.
 */
class Http2IT extends OneNode {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8192, 200 << 10, 1 << 20})
    void clientsWriteAndReadBack(int bytes) throws Exception {
        byte[] value = new byte[bytes];
        new Random(bytes).nextBytes(value);
        String key = newKey();
        for (BodyPublisher body :
                List.of(BodyPublishers.ofByteArray(value), BodyPublishers.ofByteArray(value), unannounced(value))) {
            HttpRequest.Builder write = request(key).PUT(body);
            get(key).headers().firstValue(CONTEXT).ifPresent(context -> write.header(CONTEXT, context));
            HttpResponse<byte[]> written = send(write);
            assertEquals(204, written.statusCode(), () -> text(written));
            HttpResponse<byte[]> read = get(key);
            assertEquals(200, read.statusCode());
            assertArrayEquals(value, read.body());
            assertEquals(HttpClient.Version.HTTP_2, read.version());
        }
        noBodyIsHeld();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aValueThatIsTooLongIsRefusedAndOthersOfItsConnectionGoOn(boolean announced) throws Exception {
        get(newKey());
        byte[] tooLong = new byte[VALUE_BYTES_MAX + 1];
        String refused = newKey();
        try (var slow = new SlowWrite(newKey(), 2)) {
            BodyPublisher body = announced ? BodyPublishers.ofByteArray(tooLong) : unannounced(tooLong);
            assertEquals(413, send(request(refused).PUT(body)).statusCode());
            assertEquals(404, get(refused).statusCode());
            slow.end();
        }
        noBodyIsHeld();
    }

    /** Half of what may be under way, that is 16 MiB; heads are enough to take it. */
    @Test
    void aBodyThatThereIsNoRoomForIsRefusedAndOthersOfItsConnectionGoOn() throws Exception {
        get(newKey());
        var slow = new ArrayList<SlowWrite>();
        try {
            for (int i = 1; i <= 16; i++) {
                slow.add(new SlowWrite(newKey(), VALUE_BYTES_MAX));
                int held = i * VALUE_BYTES_MAX;
                node.await("room taken", () -> node.metric("dynamokv_body_bytes") == held);
            }
            for (BodyPublisher body : List.of(
                    BodyPublishers.ofString("short"),
                    BodyPublishers.ofByteArray(new byte[VALUE_BYTES_MAX]),
                    unannounced(new byte[1]))) {
                HttpResponse<byte[]> refused = send(request(newKey()).PUT(body));
                assertEquals(503, refused.statusCode());
                assertEquals("1", refused.headers().firstValue("Retry-After").orElse("none"));
            }
            for (SlowWrite write : slow) {
                write.end();
            }
        } finally {
            for (SlowWrite write : slow) {
                write.close();
            }
        }
        noBodyIsHeld();
    }

    private static BodyPublisher unannounced(byte[] value) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(value));
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + node.host() + ":" + node.httpPort() + path));
    }

    private HttpResponse<byte[]> get(String key) throws Exception {
        return send(request(key));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofByteArray());
    }

    /** All of its body but the first byte comes when the test wants it to. */
    private final class SlowWrite implements AutoCloseable {
        private final String key;
        private final byte[] value;
        private final PipedOutputStream body = new PipedOutputStream();
        private final CompletableFuture<HttpResponse<Void>> answer;

        SlowWrite(String key, int bytes) throws IOException {
            this.key = key;
            value = new byte[bytes];
            new Random(bytes).nextBytes(value);
            var sent = new PipedInputStream(body);
            body.write(value[0]);
            body.flush();
            BodyPublisher announced = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> sent), bytes);
            answer = client.sendAsync(request(key).PUT(announced).build(), BodyHandlers.discarding());
        }

        void end() throws Exception {
            body.write(value, 1, value.length - 1);
            body.close();
            assertEquals(204, answer.get(10, TimeUnit.SECONDS).statusCode());
            assertArrayEquals(value, get(key).body());
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
