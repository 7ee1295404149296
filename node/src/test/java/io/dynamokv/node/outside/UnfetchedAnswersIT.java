package io.dynamokv.node.outside;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask and do not fetch: what a node holds for them is bounded, all others are served, and after a while they are let go. */
class UnfetchedAnswersIT {
    private static final String PATH = "/v1/kv/carts/large";
    private static final String GET = "GET " + PATH + " HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final int VALUE_BYTES = 1 << 20;
    /** Half of what may be under way. */
    private static final int BOUND_BYTES = 16 << 20;
    /** Several times what the node's buffers may be, and what its system takes for it. */
    private static final int REQUESTS = 100;
    /** A server need not take more at a time. */
    private static final int STREAMS = 100;

    private static final byte[] VALUE = new byte[VALUE_BYTES];

    static {
        new Random(1).nextBytes(VALUE);
    }

    @TempDir
    private static Path directory;

    /** Of the demo's size. */
    private static NodeUnderTest node;

    private static final AtomicInteger written = new AtomicInteger();

    @BeforeAll
    static void aNodeServesAndHasALargeValue() throws Exception {
        node = NodeUnderTest.start(
                        "127.0.0.90",
                        directory.resolve("n"),
                        "-XX:MaxDirectMemorySize=48m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "quarkus.http.idle-timeout=10s")
                .awaitOpen();
        Cluster.join(List.of(node));
        assertEquals(204, write(PATH).statusCode());
    }

    private static HttpResponse<byte[]> write(String path) throws Exception {
        return NodeUnderTest.send(node.client(path).PUT(BodyPublishers.ofByteArray(VALUE)));
    }

    @AfterEach
    void itLivesAndHoldsNothing() throws Exception {
        assertTrue(node.isAlive(), node::logText);
        node.await("nothing held", () -> unfetchedBytes() == 0);
        assertEquals(200, node.get(PATH).statusCode());
        assertEquals(
                List.of(),
                node.log().stream().filter(line -> line.contains(" ERROR ")).toList());
    }

    @AfterAll
    static void stop() throws IOException {
        node.close();
    }

    private static double unfetchedBytes() throws IOException, InterruptedException {
        return node.metric("dynamokv_answer_bytes");
    }

    private static double readsEnded() throws IOException, InterruptedException {
        return node.sumOfMetrics("dynamokv_requests_seconds_count{kind=\"get\"");
    }

    private static void othersAreServed() throws Exception {
        for (int i = 0; i < 20; i++) {
            HttpResponse<byte[]> read = node.get(PATH);
            assertEquals(200, read.statusCode(), node::logText);
            assertArrayEquals(VALUE, read.body());
            assertEquals(
                    204,
                    write("/v1/kv/carts/others-" + written.incrementAndGet()).statusCode(),
                    node::logText);
        }
        assertTrue(unfetchedBytes() <= BOUND_BYTES, () -> "more is held than may be");
    }

    @Test
    void onePipelineIsGivenOneAnswerAtATimeAndAllOfThemIfItFetchesThem() throws Exception {
        try (RawConnection pipeline = node.connect()) {
            pipeline.say(GET.repeat(REQUESTS));
            othersAreServed();
            assertEquals(VALUE_BYTES, unfetchedBytes(), 4096);
            for (int i = 0; i < REQUESTS; i++) {
                assertEquals(200, pipeline.answer().status());
            }
            node.await("nothing held", () -> unfetchedBytes() == 0);
            assertEquals(200, pipeline.say(GET).answer().status());
        }
    }

    /** They are kept in order, bodies and all, while the first of them is not fetched. */
    @Test
    void writesThatWaitBehindAnAnswerAreDoneWhenItIsFetched() throws Exception {
        String body = "v".repeat(100_000);
        try (RawConnection pipeline = node.connect()) {
            pipeline.say(GET.repeat(REQUESTS / 4));
            node.await("an answer that is not fetched", () -> unfetchedBytes() > 0);
            Thread writing = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 20; i++) {
                    sayQuietly(
                            pipeline,
                            "PUT /v1/kv/carts/behind-" + i + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body + "GET /v1/kv/carts/behind-" + i
                                    + " HTTP/1.1\r\nHost: x\r\n\r\n");
                }
            });
            for (int i = 0; i < REQUESTS / 4; i++) {
                assertEquals(200, pipeline.answer().status());
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(204, pipeline.answer().status());
                assertEquals(body, pipeline.answer().body());
            }
            writing.join();
        }
    }

    private static void sayQuietly(RawConnection to, String text) {
        try {
            to.say(text);
        } catch (IOException _) {
            // closed: the answers are missed elsewhere
        }
    }

    @Test
    void aLongPipelineIsAnsweredToItsEnd() throws Exception {
        try (RawConnection pipeline = node.connect()) {
            pipeline.say("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n".repeat(3000));
            for (int i = 0; i < 3000; i++) {
                assertEquals(404, pipeline.answer().status());
            }
        }
    }

    /** What follows a request that closes its connection is nobody's: it is not done, and the room that it took is there for others. */
    @Test
    void whatFollowsTheLastRequestOfAConnectionLeavesNothing() throws Exception {
        String body = "v".repeat(60_000);
        String head = "Host: x\r\nContent-Length: 60000\r\nX-Padding: " + "p".repeat(7000) + "\r\n\r\n";
        for (int i = 0; i < 2400; i++) { // whose heads alone come to 17 MB
            try (RawConnection last = node.connect()) {
                last.say("GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                        + "PUT /v1/kv/carts/behind-the-last HTTP/1.1\r\n" + head + body);
                assertEquals(404, last.answer().status());
            }
        }
        othersAreServed();
        assertEquals(404, node.get("/v1/kv/carts/behind-the-last").statusCode());
        try (RawConnection pipeline = node.connect()) {
            pipeline.say("GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n" + "PUT /v1/kv/carts/behind-another HTTP/1.1\r\n"
                    + head + body);
            assertEquals(404, pipeline.answer().status());
            assertEquals(204, pipeline.answer().status());
        }
    }

    /** Each of the requests is many times larger in memory than on its way, and so is each answer; without a Host nobody but the router answers. */
    @ParameterizedTest
    @ValueSource(strings = {"Host: x\r\n", ""})
    void pipelinesWithoutEndHurtNobody(String headers) throws Exception {
        byte[] many =
                ("GET /nowhere HTTP/1.1\r\n" + headers + "\r\n").repeat(1000).getBytes(StandardCharsets.US_ASCII);
        var pipelines = new ArrayList<RawConnection>();
        var writing = new ArrayList<Thread>();
        try {
            for (int i = 0; i < 50; i++) {
                RawConnection pipeline = node.connect();
                pipelines.add(pipeline);
                writing.add(Thread.startVirtualThread(() -> {
                    try {
                        while (true) { // until it is closed
                            pipeline.say(many);
                        }
                    } catch (IOException _) {
                        // let go, or the test has ended
                    }
                }));
            }
            othersAreServed();
        } finally {
            for (RawConnection pipeline : pipelines) {
                pipeline.close();
            }
            for (Thread thread : writing) {
                thread.join();
            }
        }
    }

    @Test
    void theStreamsOfOneConnectionHaveAQuarterOfTheBoundAndAreRefusedWhatIsMore() throws Exception {
        try (StreamsConnection streams = node.connectWithStreams()) {
            double before = readsEnded();
            for (int i = 1; i < STREAMS; i++) {
                streams.get(PATH);
            }
            node.await("answers or refusals", () -> readsEnded() == before + STREAMS - 1);
            assertTrue(unfetchedBytes() > BOUND_BYTES / 4 - VALUE_BYTES);
            othersAreServed();
            assertTrue(unfetchedBytes() < BOUND_BYTES / 4 + STREAMS * 4096);
            streams.ask("DELETE", "/v1/kv/carts/others-" + written.get());
            String head = streams.awaitHead();
            // Behind five bytes of priority: 204, the ninth of the static table (RFC 7541).
            assertTrue(head.startsWith("89", 10), head);
            assertEquals(404, node.get("/v1/kv/carts/others-" + written.get()).statusCode());
            streams.openConnection(Integer.MAX_VALUE >> 1);
            streams.openStreams(2 * VALUE_BYTES);
            long bytes = streams.awaitBytesOf(STREAMS - 1);
            assertTrue(bytes > 2 * VALUE_BYTES && bytes < 5 * VALUE_BYTES, () -> bytes + " bytes");
        }
    }

    @Test
    void aStreamThatItsClientResetsTakesNoOtherWithIt() throws Exception {
        try (StreamsConnection streams = node.connectWithStreams()) {
            streams.get(PATH);
            node.await("an answer that is not fetched", () -> unfetchedBytes() >= VALUE_BYTES);
            streams.reset();
            node.await("nothing held", () -> unfetchedBytes() == 0);
            streams.ask("DELETE", "/v1/kv/carts/none");
            streams.awaitHead();
        }
    }

    @Test
    void whatManyDoNotFetchIsBoundedTooAndOthersAreToldToComeAgain() throws Exception {
        var all = new ArrayList<StreamsConnection>();
        try {
            double before = readsEnded();
            for (int i = 0; i < 8; i++) {
                StreamsConnection streams = node.connectWithStreams();
                all.add(streams);
                for (int j = 0; j < 4; j++) {
                    streams.get(PATH);
                }
            }
            node.await("answers or refusals", () -> readsEnded() == before + 8 * 4);
            assertTrue(unfetchedBytes() > BOUND_BYTES - VALUE_BYTES - 65536);
            HttpResponse<byte[]> refused = node.get(PATH);
            assertEquals(503, refused.statusCode());
            assertEquals("1", refused.headers().firstValue("Retry-After").orElse("none"));
            assertEquals(204, write("/v1/kv/carts/others").statusCode());
            assertTrue(unfetchedBytes() < BOUND_BYTES + 8 * 4 * 4096);
        } finally {
            for (StreamsConnection streams : all) {
                streams.close();
            }
        }
    }

    /** Although it does not fall silent. Of HTTP/2 only the stream goes: others may share the connection, as behind a proxy. */
    @Test
    void aClientThatDoesNotFetchForLongIsLetGo() throws Exception {
        try (RawConnection pipeline = node.connect();
                StreamsConnection streams = node.connectWithStreams()) {
            pipeline.say(GET.repeat(REQUESTS));
            streams.get(PATH);
            node.await("both held", () -> unfetchedBytes() >= 2 * VALUE_BYTES);
            node.await("nothing held", () -> {
                streams.ping();
                return unfetchedBytes() == 0;
            });
            pipeline.awaitClose();
            streams.awaitReset();
            streams.ask("DELETE", "/v1/kv/carts/none");
            streams.awaitHead();
        }
    }
}
