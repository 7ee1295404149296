package io.dynamokv.local.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Where a demo keeps everything; one demo at a time. */
final class DemoDirectory implements AutoCloseable {
    private static final int FORMAT = 1;
    private static final int SECRET_BYTES = 32;

    /** What was decided when the directory was made. */
    record ClusterDocument(int format, String clusterId, int nodes) {}

    /** What is where while the demo runs, for scripts. */
    record DemoDocument(String url, List<NodeDocument> nodes) {}

    record NodeDocument(String name, String http, String admin, long pid, String data, String log) {}

    private final Path directory;
    private final FileChannel lock;
    private final ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private DemoDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /** @throws DemoException if another demo uses the directory, or if it holds something else */
    static DemoDirectory open(Path directory, boolean fresh) {
        try {
            requireOurs(directory);
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            var opened = new DemoDirectory(directory, lock);
            if (fresh) {
                opened.empty();
            }
            Files.deleteIfExists(opened.demoFile());
            return opened;
        } catch (IOException e) {
            throw new DemoException("the demo's directory " + directory + " cannot be used: " + e, e);
        }
    }

    private static void requireOurs(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new DemoException(directory + " is not a directory");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            boolean empty = entries.noneMatch(entry -> !entry.endsWith("lock"));
            if (!empty && !Files.exists(directory.resolve("cluster.json"))) {
                throw new DemoException(directory + " is not empty and holds no demo: choose another --dir");
            }
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // held by this very process: the same to the caller
        }
        channel.close();
        throw new DemoException("another demo runs in " + directory
                + ": stop it first, or choose another --dir (and --port) for this one");
    }

    private void empty() throws IOException {
        try (Stream<Path> entries = Files.walk(directory)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                if (!entry.equals(directory) && !entry.equals(directory.resolve("lock"))) {
                    Files.delete(entry);
                }
            }
        }
    }

    Path node(String name) {
        return directory.resolve(name);
    }

    Path secretFile() {
        return directory.resolve("secret");
    }

    private Path demoFile() {
        return directory.resolve("demo.json");
    }

    private Path mapFile() {
        return directory.resolve("map.json");
    }

    /** The secret of this demo, made at its first start. */
    ClusterSecret secret() {
        Path file = secretFile();
        try {
            if (!Files.exists(file)) {
                byte[] key = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(key);
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, "k1:" + HexFormat.of().formatHex(key) + "\n");
            }
            return ClusterSecret.parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or make the secret " + file, e);
        } catch (IllegalArgumentException e) {
            throw new DemoException("the secret " + file + " is not usable: " + e.getMessage(), e);
        }
    }

    /** The id of this demo's cluster, made at its first start. */
    ClusterId clusterId(int nodes) {
        Path file = directory.resolve("cluster.json");
        if (!Files.exists(file)) {
            write(file, new ClusterDocument(FORMAT, UUID.randomUUID().toString(), nodes));
        }
        ClusterDocument document = read(file, ClusterDocument.class);
        if (document.nodes() != nodes) {
            throw new DemoException("the cluster in " + directory + " has " + document.nodes()
                    + " nodes: start it with --nodes " + document.nodes() + ", or anew with --fresh");
        }
        return ClusterId.parse(document.clusterId());
    }

    /** The map that was handed to the nodes, or was about to be: it is stored before any node gets it (rule M3). */
    Optional<ClusterMap> map() {
        return Files.exists(mapFile())
                ? Optional.of(read(mapFile(), MapDocument.class).toMap())
                : Optional.empty();
    }

    void keep(ClusterMap map) {
        write(mapFile(), MapDocument.of(map));
    }

    void tell(DemoDocument document) {
        write(demoFile(), document);
    }

    private <T> T read(Path file, Class<T> type) {
        try {
            return json.readValue(file.toFile(), type);
        } catch (JsonProcessingException e) {
            throw new DemoException(file + " is damaged: " + e.getOriginalMessage() + ". Start anew with --fresh", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void write(Path file, Object document) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        try {
            json.writeValue(temporary.toFile(), document);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(demoFile());
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot leave " + directory, e);
        }
    }
}
