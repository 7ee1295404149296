package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.store.StoredRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The port's contract on crashes: batches are atomic, what is there is a prefix, and what was acknowledged survives the process. */
@Execution(ExecutionMode.CONCURRENT)
class RocksReplicaStoreCrashTest {
    private static final int BATCHES_MIN = 1000;
    /** Far more than can be written between two looks at the child's output. */
    private static final int BATCHES_BEYOND = 20_000;

    @TempDir
    private Path directory;

    @Test
    void aKilledProcessLosesNothingThatItHadAcknowledged() throws IOException, InterruptedException {
        Path database = directory.resolve("db");

        int acknowledged = writeUntilKilled(database);

        assertTrue(batchesThatSurvived(database, acknowledged) > acknowledged);
    }

    /** As after a power cut: the log ends anywhere. */
    @Test
    void aTornLogLosesWholeBatchesFromItsEndOnly() throws IOException, InterruptedException {
        var random = new SplittableRandom(17);
        Path database = directory.resolve("db");
        int acknowledged = writeUntilKilled(database);
        for (int i = 0; i < 8; i++) {
            Path copy = copyOf(database, "torn-" + i);
            try (var log = new RandomAccessFile(newestLog(copy).toFile(), "rw")) {
                log.setLength(random.nextLong(log.length() + 1));
            }

            assertTrue(batchesThatSurvived(copy, acknowledged) > 0);
        }
    }

    @Test
    void aLogDamagedInTheMiddleLosesWholeBatchesBehindTheDamageOnly() throws IOException, InterruptedException {
        var random = new SplittableRandom(19);
        Path database = directory.resolve("db");
        int acknowledged = writeUntilKilled(database);
        for (int i = 0; i < 8; i++) {
            Path copy = copyOf(database, "damaged-" + i);
            try (var log = new RandomAccessFile(newestLog(copy).toFile(), "rw")) {
                log.seek(random.nextLong(Math.max(1, log.length())));
                log.write(new byte[] {0x55, 0x55, 0x55, 0x55});
            }

            assertTrue(batchesThatSurvived(copy, acknowledged) > 0);
        }
    }

    @Test
    void whatIsDroppedOfALogIsKnownFromTheOpening() throws IOException, InterruptedException {
        Path database = directory.resolve("db");
        int acknowledged = writeUntilKilled(database);
        Path garbled = copyOf(database, "garbled");
        try (var log = new RandomAccessFile(newestLog(garbled).toFile(), "rw")) {
            log.seek(log.length() / 2);
            log.write(new byte[] {0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55});
        }
        Path torn = copyOf(database, "torn");
        try (var log = new RandomAccessFile(newestLog(torn).toFile(), "rw")) {
            log.setLength(log.length() - 3);
        }

        batchesThatSurvived(garbled, acknowledged);
        batchesThatSurvived(torn, acknowledged);

        for (Path damaged : List.of(garbled, torn)) {
            DroppedLog dropped = DroppedLog.ofTheLastOpening(damaged).orElseThrow();
            assertTrue(dropped.bytesMin() > 0, dropped::toString);
            assertTrue(dropped.why().startsWith("Corruption: "), dropped::toString);
            batchesThatSurvived(damaged, acknowledged);
            assertEquals(Optional.empty(), DroppedLog.ofTheLastOpening(damaged), "told once");
        }
    }

    /** @return the last batch that the process reported as written */
    private int writeUntilKilled(Path database) throws IOException, InterruptedException {
        try (var child = ChildJvm.start(directory.resolve("scratch"), CrashWriter.class, database)) {
            String line = child.readLine();
            while (Integer.parseInt(line) < BATCHES_MIN) {
                line = child.readLine();
            }
            child.kill();
            List<String> rest = child.readToEnd();
            // The last line may be cut off, then it is a smaller number that was acknowledged too.
            return rest.isEmpty() ? Integer.parseInt(line) : Integer.parseInt(rest.get(Math.max(0, rest.size() - 2)));
        }
    }

    /** How many batches are there; fails if one of them is not whole, or is not followed by nothing. */
    private static int batchesThatSurvived(Path database, int acknowledged) {
        try (var store = RocksReplicaStore.open(database, Samples.SMALL)) {
            int survived = 0;
            while (store.read(CrashWriter.keysOf(survived)).size() == 4) {
                survived++;
            }
            for (int number = survived; number < acknowledged + BATCHES_BEYOND; number++) {
                assertEquals(0, store.read(CrashWriter.keysOf(number)).size(), "batch " + number);
            }
            StoredRecord last = store.read(List.of(CrashWriter.LAST)).get(CrashWriter.LAST);
            assertEquals(Integer.toString(survived - 1), last == null ? "-1" : Samples.text(last));
            Optional<LeafTable> leaves = store.leaves(CrashWriter.LEAF.partition());
            assertEquals(Math.max(0L, survived - 1), (long)
                    leaves.map(table -> table.leaf(CrashWriter.LEAF.index())).orElse(0L));
            return survived;
        }
    }

    private Path copyOf(Path database, String name) throws IOException {
        Path copy = Files.createDirectory(directory.resolve(name));
        try (Stream<Path> files = Files.list(database)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(database.relativize(file)));
            }
        }
        return copy;
    }

    private static Path newestLog(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(file ->
                            file.toString().endsWith(".log") && file.toFile().length() > 0)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
