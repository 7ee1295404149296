package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * People at each coordinator, one who writes and one who reads. Each write is a key of its own, so that "is every acknowledged write there?" has a plain
 * answer; some keys are overwritten, and some of these deleted, with the context of the write before, so that the answer is as plain; and each writer overwrites a register with higher and higher numbers, so that a read that is stale shows (R + W > N). Whatever no fault explains is
 * <em>wrong</em>.
 */
final class Load implements AutoCloseable {
    private static final String KEYS = "/v1/kv/load/";
    private static final String REGISTERS = "/v1/kv/" + Cluster.LATEST.name() + "/";
    /** People think; and what they write is read back at every node. */
    private static final long THINKING_NANOS = TimeUnit.MILLISECONDS.toNanos(8);

    private static final int OVERWRITTEN_EACH = 3;
    private static final int DELETED_EACH = 6;

    /** Of writes and of reads: enough for a fault to show in them. */
    static final int SOME = 25;

    private static final int DIFFERENCES_SHOWN_MAX = 10;
    private static final int ASKED_AT_ONCE = 8;

    /**
     * What became of requests at one coordinator.
     *
     * @param refused 503: writes of which nothing is stored
     * @param unknown 504, or no answer at all
     * @param readsRefused 503, or no answer at all
     */
    record Count(int acknowledged, int refused, int unknown, int reads, int readsRefused) {}

    private final String name;
    private final List<Client> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> deleted = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final CountDownLatch written = new CountDownLatch(1);
    private final Semaphore asking = new Semaphore(ASKED_AT_ONCE);
    private volatile boolean running = true;

    private Load(String name) {
        this.name = name;
    }

    static Load start(String name, List<NodeUnderTest> coordinators) {
        var load = new Load(name);
        for (NodeUnderTest coordinator : coordinators) {
            load.clients.add(load.new Client(coordinator));
        }
        for (Client client : load.clients) {
            load.threads.add(Thread.ofVirtual().start(() -> load.run(client::write)));
            load.threads.add(Thread.ofVirtual().start(() -> load.run(client::read)));
        }
        return load;
    }

    /** A fault that a test makes while people write and read, or the end of it. */
    interface Deed {
        void happen(Load load) throws Exception;
    }

    /**
     * A fault under load: the unharmed nodes serve on and fail nobody, from before it until they have served some more; after its end all serve.
     *
     * @return the load, when it is over
     */
    static Load through(String name, List<NodeUnderTest> all, List<NodeUnderTest> unharmed, Deed fault, Deed end)
            throws Exception {
        var load = start(name, all);
        try (load) {
            load.awaitServed(SOME, all);
            Map<NodeUnderTest, Count> before = load.counts(unharmed);
            fault.happen(load);
            load.awaitServed(SOME, unharmed);
            load.assertNothingFailedSince(before);
            end.happen(load);
            load.awaitServed(SOME, all);
        }
        return load;
    }

    private interface Step {
        void take(int number) throws InterruptedException;
    }

    private void run(Step step) {
        try {
            for (int number = 1; running; number++) {
                step.take(number);
                LockSupport.parkNanos(THINKING_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            wrong.add("the load ended: " + e);
        }
    }

    private final class Client {
        private final NodeUnderTest node;
        private final String register;
        private final AtomicInteger registered = new AtomicInteger();
        private final AtomicInteger acknowledgedHere = new AtomicInteger();
        private final AtomicInteger refusedHere = new AtomicInteger();
        private final AtomicInteger unknown = new AtomicInteger();
        private final AtomicInteger reads = new AtomicInteger();
        private final AtomicInteger readsRefused = new AtomicInteger();

        private Client(NodeUnderTest node) {
            this.node = node;
            register = name + "-" + node.host();
        }

        private void write(int number) throws InterruptedException {
            String key = register + "-" + number;
            if (number % OVERWRITTEN_EACH == 0) {
                overwrite(key, number % DELETED_EACH == 0);
            } else if (isConfirmed(put(KEYS + key, key), () -> refused.add(key))) {
                acknowledged.add(key);
                written.countDown();
            }
            HttpResponse<byte[]> registers = put(REGISTERS + register, Integer.toString(number));
            if (registers != null && registers.statusCode() == 204) {
                registered.set(number);
            }
        }

        /** Each step only behind one that was confirmed: what came of the others nobody can say. */
        private void overwrite(String key, boolean thenDelete) throws InterruptedException {
            HttpResponse<byte[]> first = put(KEYS + key, "to be overwritten");
            if (!isConfirmed(first, () -> refused.add(key)) || first == null) {
                return;
            }
            HttpResponse<byte[]> second = put(KEYS + key, key, OneNode.CONTEXT, contextOf(first));
            if (!isConfirmed(second, () -> {}) || second == null) {
                return;
            }
            if (!thenDelete) {
                acknowledged.add(key);
                written.countDown();
            } else if (isConfirmed(
                    change(node.client(KEYS + key).DELETE().header(OneNode.CONTEXT, contextOf(second))), () -> {})) {
                deleted.add(key);
            }
        }

        private String contextOf(HttpResponse<byte[]> written) {
            return written.headers().firstValue(OneNode.CONTEXT).orElseGet(() -> {
                wrong.add("no context came with the only version of " + written.uri());
                return "";
            });
        }

        private boolean isConfirmed(@Nullable HttpResponse<byte[]> answer, Runnable ifRefused) {
            if (answer != null && answer.statusCode() == 204) {
                acknowledgedHere.incrementAndGet();
                return true;
            }
            if (answer != null && answer.statusCode() == 503) {
                ifRefused.run();
                refusedHere.incrementAndGet();
            } else {
                unknown.incrementAndGet();
            }
            return false;
        }

        private @Nullable HttpResponse<byte[]> put(String path, String value, String... headers)
                throws InterruptedException {
            HttpRequest.Builder request = node.client(path).PUT(BodyPublishers.ofString(value));
            return change(headers.length == 0 ? request : request.headers(headers));
        }

        /** @return null if there is no answer: then a replica may have stored it too */
        private @Nullable HttpResponse<byte[]> change(HttpRequest.Builder request) throws InterruptedException {
            try {
                HttpResponse<byte[]> answer = NodeUnderTest.send(request);
                if (!List.of(204, 503, 504).contains(answer.statusCode())) {
                    wrong.add(answer.request().method() + " " + answer.uri() + ": " + shown(answer));
                }
                return answer;
            } catch (IOException _) {
                return null;
            }
        }

        private void read(int number) throws InterruptedException {
            written.await();
            String key = acknowledged.get(ThreadLocalRandom.current().nextInt(acknowledged.size()));
            HttpResponse<byte[]> answer = get(KEYS + key);
            if (answer != null && !(answer.statusCode() == 200 && text(answer).equals(key))) {
                wrong.add("GET " + key + " at " + node.host() + ": " + shown(answer));
            }
            if (!deleted.isEmpty()) {
                String gone = deleted.get(ThreadLocalRandom.current().nextInt(deleted.size()));
                HttpResponse<byte[]> nothing = get(KEYS + gone);
                if (nothing != null && nothing.statusCode() != 404) {
                    wrong.add("deleted, and there: " + gone + " at " + node.host() + ": " + shown(nothing));
                }
            }
            Client writer = clients.get(number % clients.size());
            int least = writer.registered.get();
            HttpResponse<byte[]> value = get(REGISTERS + writer.register);
            if (value != null && least > 0 && !(value.statusCode() == 200 && numberIn(value) >= least)) {
                wrong.add("stale: " + writer.register + " at " + node.host() + " was " + least + " before, and is "
                        + shown(value));
            }
        }

        /** @return null if it was refused, or if there is no answer */
        private @Nullable HttpResponse<byte[]> get(String path) throws InterruptedException {
            try {
                HttpResponse<byte[]> answer = node.get(path);
                if (answer.statusCode() == 503) {
                    readsRefused.incrementAndGet();
                    return null;
                }
                reads.incrementAndGet();
                return answer;
            } catch (IOException _) {
                readsRefused.incrementAndGet();
                return null;
            }
        }

        private Count count() {
            return new Count(acknowledgedHere.get(), refusedHere.get(), unknown.get(), reads.get(), readsRefused.get());
        }
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    private static int numberIn(HttpResponse<byte[]> answer) {
        return Integer.parseInt(text(answer), 10);
    }

    private static String shown(HttpResponse<byte[]> answer) {
        return answer.statusCode() + " " + text(answer);
    }

    private Client at(NodeUnderTest node) {
        return clients.stream()
                .filter(client -> client.node.equals(node))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody is at " + node.host()));
    }

    Count count(NodeUnderTest node) {
        return at(node).count();
    }

    private Map<NodeUnderTest, Count> counts(List<NodeUnderTest> coordinators) {
        Map<NodeUnderTest, Count> counts = new LinkedHashMap<>();
        coordinators.forEach(coordinator -> counts.put(coordinator, count(coordinator)));
        return counts;
    }

    private void assertNothingFailedSince(Map<NodeUnderTest, Count> then) {
        then.forEach((node, before) -> {
            Count now = count(node);
            assertEquals(before.refused(), now.refused(), node::logText);
            assertEquals(before.unknown(), now.unknown(), node::logText);
            assertEquals(before.readsRefused(), now.readsRefused(), node::logText);
        });
    }

    /** Answers that no fault explains. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** So many more acknowledged writes, and answered reads, at each of them. */
    void awaitServed(int more, List<NodeUnderTest> coordinators) throws IOException, InterruptedException {
        for (Map.Entry<NodeUnderTest, Count> entry : counts(coordinators).entrySet()) {
            entry.getKey().await(more + " more writes and reads", () -> {
                Count now = count(entry.getKey());
                return now.acknowledged() >= entry.getValue().acknowledged() + more
                        && now.reads() >= entry.getValue().reads() + more;
            });
        }
    }

    /** So many more refused writes, and refused reads. */
    void awaitRefused(int more, NodeUnderTest coordinator) throws IOException, InterruptedException {
        Count before = count(coordinator);
        coordinator.await(more + " more refusals", () -> {
            Count now = count(coordinator);
            return now.refused() >= before.refused() + more && now.readsRefused() >= before.readsRefused() + more;
        });
    }

    int acknowledged() {
        return acknowledged.size();
    }

    /**
     * What a node itself (R = 1) lacks of what was acknowledged, registers too, and what it has of what was deleted or refused (rule W3). To be asked when the load
     * has ended and all replicas are equal.
     */
    List<String> differences(NodeUnderTest node) throws InterruptedException {
        var differences = new CopyOnWriteArrayList<String>();
        List<Thread> askers = new ArrayList<>();
        acknowledged.forEach(
                key -> expect(askers, node, KEYS + key, answer -> holds(answer, key::equals), differences));
        deleted.forEach(key -> expect(askers, node, KEYS + key, answer -> answer.statusCode() == 404, differences));
        refused.forEach(key -> expect(askers, node, KEYS + key, answer -> answer.statusCode() == 404, differences));
        for (Client client : clients) {
            int least = client.registered.get();
            expect(
                    askers,
                    node,
                    REGISTERS + client.register,
                    answer -> least == 0 || holds(answer, value -> Integer.parseInt(value, 10) >= least),
                    differences);
        }
        for (Thread asker : askers) {
            asker.join();
        }
        return differences.subList(0, Math.min(differences.size(), DIFFERENCES_SHOWN_MAX));
    }

    private static boolean holds(HttpResponse<byte[]> answer, Predicate<String> expected) {
        return answer.statusCode() == 200 && expected.test(text(answer));
    }

    private void expect(
            List<Thread> askers,
            NodeUnderTest node,
            String path,
            Predicate<HttpResponse<byte[]>> expected,
            List<String> differences) {
        askers.add(Thread.ofVirtual().start(() -> {
            asking.acquireUninterruptibly();
            try {
                HttpResponse<byte[]> answer = node.get(path + "?r=1");
                if (!expected.test(answer)) {
                    differences.add(path + " at " + node.host() + ": " + shown(answer));
                }
            } catch (IOException | InterruptedException e) {
                differences.add(path + " at " + node.host() + ": " + e);
            } finally {
                asking.release();
            }
        }));
    }

    @Override
    public void close() {
        running = false;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the load ends", e);
        }
    }
}
