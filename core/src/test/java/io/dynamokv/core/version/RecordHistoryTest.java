package io.dynamokv.core.version;

import static io.dynamokv.core.version.VersionFixtures.pick;
import static io.dynamokv.core.version.VersionFixtures.timed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Random histories of one key over several replicas, played on records and on the naive model side by side (rules D1 to D5 and
 * the versions' part of W4; Dynamo 4.4). Clients hold contexts as stale as they come, and requests are coordinated twice.
 */
class RecordHistoryTest {
    private static final int REPLICAS = 4;
    private static final int CLIENTS = 5;
    private static final int STEPS = 60;

    @Test
    void theSiblingsAreExactlyTheLiveConcurrentOnes() {
        SeededProperty.forSeeds(400, random -> {
            var world = new World(random);
            for (int step = 0; step < STEPS; step++) {
                world.step();
                world.replicas.forEach(World.Replica::assertIsAsTheModelSays);
            }
        });
    }

    @Test
    void nothingIsLostUnlessAContextCoveredOneOfItsDots() {
        SeededProperty.forSeeds(400, random -> {
            World world = World.afterSteps(random, STEPS);

            VersionedRecord all = joinOf(world.snapshots());

            Set<Content> live = all.siblings().stream().map(Sibling::content).collect(Collectors.toSet());
            world.dotsByRequest().forEach((content, dots) -> {
                boolean covered = dots.stream().anyMatch(world.covered::contains);
                assertTrue(covered || live.contains(content), () -> content + " of " + dots + " is lost in " + all);
            });
            for (Sibling sibling : all.siblings()) {
                for (TimedDot dot : sibling.dots()) {
                    assertTrue(!world.covered.contains(dot.dot()), () -> dot + " was overwritten and lives in " + all);
                }
            }
        });
    }

    @Test
    void joinIsCommutativeAssociativeAndIdempotentToTheLastByte() {
        SeededProperty.forSeeds(150, random -> {
            List<VersionedRecord> records = World.afterSteps(random, STEPS).snapshots();
            for (int i = 0; i < 40; i++) {
                VersionedRecord a = pick(random, records);
                VersionedRecord b = pick(random, records);
                VersionedRecord c = pick(random, records);

                assertSame(a, a.join(a));
                assertSame(a.join(b), b.join(a));
                assertSame(a.join(b).join(c), a.join(b.join(c)));
                assertSame(a.join(b), a.join(b).join(a));
                assertSame(a, a.join(VersionedRecord.EMPTY));
                assertSame(a, VersionedRecord.EMPTY.join(a));
            }
        });
    }

    @Test
    void replicasThatHeardTheSameInAnyOrderAreEqual() {
        SeededProperty.forSeeds(150, random -> {
            List<VersionedRecord> records =
                    new ArrayList<>(World.afterSteps(random, STEPS).snapshots());
            VersionedRecord expected = joinOf(records);

            Collections.shuffle(records, Random.from(random));

            assertSame(expected, joinOf(records));
        });
    }

    /** A record is never below one that led to it: a stale copy that comes back changes nothing (rule D3). */
    @Test
    void aReplicasOwnPastAddsNothingToIt() {
        SeededProperty.forSeeds(150, random -> {
            for (World.Replica replica : World.afterSteps(random, STEPS).replicas) {
                for (VersionedRecord past : replica.past) {
                    assertSame(replica.record, replica.record.join(past));
                    assertSame(replica.record, past.join(replica.record));
                }
            }
        });
    }

    private static VersionedRecord joinOf(List<VersionedRecord> records) {
        return records.stream().reduce(VersionedRecord.EMPTY, VersionedRecord::join);
    }

    private static void assertSame(VersionedRecord expected, VersionedRecord actual) {
        assertEquals(expected, actual);
        assertEquals(expected.hashCode(), actual.hashCode());
        assertArrayEquals(bytes(expected), bytes(actual), expected::toString);
    }

    /** Without the superseded ids, which are outside of what a join promises (rule D3). */
    private static byte[] bytes(VersionedRecord record) {
        return RecordCodec.encode(
                VersionedRecord.of(record.vector(), record.siblings(), record.deletedAtMillis(), List.of()));
    }

    /** Some replicas of one key, and clients with what they read last. */
    private static final class World {
        private record Read(VersionVector context, Set<Dot> seen) {}

        private record Request(Content content, Read read) {}

        private final RandomGenerator random;
        private final List<Replica> replicas = new ArrayList<>();
        private final List<Read> clients = new ArrayList<>();
        private final List<Request> requests = new ArrayList<>();
        /** Every dot that any context of an executed write or delete covered. */
        private final Set<Dot> covered = new HashSet<>();

        private int writersDrawn;

        World(RandomGenerator random) {
            this.random = random;
            for (int i = 0; i < REPLICAS; i++) {
                replicas.add(new Replica());
            }
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Read(VersionVector.EMPTY, Set.of()));
            }
        }

        static World afterSteps(RandomGenerator random, int steps) {
            var world = new World(random);
            for (int i = 0; i < steps; i++) {
                world.step();
            }
            return world;
        }

        void step() {
            Replica replica = pick(random, replicas);
            int client = random.nextInt(CLIENTS);
            switch (random.nextInt(10)) {
                case 0, 1 -> clients.set(client, read(replica));
                case 2, 3 -> put(replica, clients.get(client));
                case 4 -> repeat(replica);
                case 5 -> replica.delete(clients.get(client));
                case 6 -> replica.restart();
                default -> replica.receive(pick(random, replicas));
            }
        }

        private Read read(Replica replica) {
            return new Read(replica.record.context(), replica.model.seen());
        }

        private void put(Replica replica, Read read) {
            var request = new Request(VersionFixtures.content("request " + requests.size()), read);
            requests.add(request);
            replica.coordinate(request);
        }

        /** The client or a balancer did not hear an answer: the same request again, wherever it comes to. */
        private void repeat(Replica replica) {
            if (!requests.isEmpty()) {
                replica.coordinate(pick(random, requests));
            }
        }

        List<VersionedRecord> snapshots() {
            var all = new ArrayList<VersionedRecord>();
            for (Replica replica : replicas) {
                all.addAll(replica.past);
                all.add(replica.record);
            }
            return all;
        }

        Map<Content, List<Dot>> dotsByRequest() {
            CausalHistory all =
                    replicas.stream().map(replica -> replica.model).reduce(CausalHistory.EMPTY, CausalHistory::join);
            return all.written().entrySet().stream()
                    .collect(Collectors.groupingBy(
                            Map.Entry::getValue, Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        }

        private final class Replica {
            private final List<VersionedRecord> past = new ArrayList<>();
            private VersionedRecord record = VersionedRecord.EMPTY;
            private CausalHistory model = CausalHistory.EMPTY;
            private WriterId writer = draw();

            /** Writers rise, fall and wrap round, so that new ones come to lie before and behind old ones. */
            private WriterId draw() {
                return new WriterId(++writersDrawn * 0x9E37_79B9_7F4A_7C15L);
            }

            void restart() {
                writer = draw();
            }

            void coordinate(Request request) {
                var dot = new Dot(writer, record.vector().counter(writer) + 1);
                covered.addAll(request.read.seen);
                become(
                        record.update(request.read.context, timed(dot), request.content),
                        model.update(request.read.seen, dot, request.content));
            }

            /** Clocks differ, so a later delete may say an earlier time. */
            void delete(Read read) {
                covered.addAll(read.seen);
                become(record.discard(read.context, random.nextLong(100)), model.discard(read.seen));
            }

            void receive(Replica from) {
                become(record.join(from.record), model.join(from.model));
            }

            private void become(VersionedRecord next, CausalHistory nextModel) {
                past.add(record);
                record = RecordCodec.decode(ByteBuffer.wrap(RecordCodec.encode(next)));
                model = nextModel;
            }

            void assertIsAsTheModelSays() {
                Map<Content, Set<Dot>> live =
                        record.siblings().stream().collect(Collectors.toMap(Sibling::content, World::dots));
                assertEquals(model.live(), live);
                assertEquals(model.seen(), allDotsOf(record.vector()), "a vector has all it has seen and no gap");
                assertEquals(model.seen().isEmpty(), record.isEmpty());
                assertEquals(live.isEmpty() && !record.isEmpty(), record.isTombstone());
                List<Sibling> sorted = record.siblings().stream().sorted().toList();
                assertEquals(sorted, record.siblings());
            }
        }

        private static Set<Dot> dots(Sibling sibling) {
            return sibling.dots().stream().map(TimedDot::dot).collect(Collectors.toSet());
        }

        private static Set<Dot> allDotsOf(VersionVector vector) {
            var dots = new HashSet<Dot>();
            vector.forEach((writer, counter) -> {
                for (long c = 1; c <= counter; c++) {
                    dots.add(new Dot(writer, c));
                }
            });
            return dots;
        }
    }
}
