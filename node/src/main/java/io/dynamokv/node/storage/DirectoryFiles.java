package io.dynamokv.node.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;

/**
 * The small files of a directory. Each is replaced as a whole: a temporary file is written and synced, then takes the name, then the
 * directory is synced. So after a crash a file is the old one or the new one, and once {@code write} has returned, the new one.
 */
final class DirectoryFiles {
    static final String TEMPORARY = ".tmp";
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path directory;

    DirectoryFiles(Path directory) {
        this.directory = directory;
    }

    Optional<byte[]> read(String name) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(directory.resolve(name)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    void write(String name, byte[] content) throws IOException {
        Path temporary = directory.resolve(name + TEMPORARY);
        try (var channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(
                temporary,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        sync(directory);
    }

    /**
     * A JSON document that begins its life with a format number.
     *
     * @param formatMax the newest format that this release reads
     * @param toValue checks and converts; whatever it throws means that the file is damaged
     */
    <D, T> Optional<T> readJson(String name, int formatMax, Class<D> type, Function<D, T> toValue) throws IOException {
        Optional<byte[]> content = read(name);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode tree = JSON.readTree(content.get());
            requireKnownFormat(name, formatMax, tree);
            return Optional.of(toValue.apply(JSON.treeToValue(tree, type)));
        } catch (JsonProcessingException e) {
            throw damaged(name, e.getOriginalMessage());
        } catch (DirectoryRefusedException e) {
            throw e;
        } catch (RuntimeException e) { // JSON leaves null what is absent, so a NullPointerException is damage too
            throw damaged(name, String.valueOf(e.getMessage()));
        }
    }

    private void requireKnownFormat(String name, int formatMax, JsonNode tree) {
        JsonNode format = tree.path("format");
        if (!format.isIntegralNumber() || format.longValue() < 1) {
            throw damaged(name, "it has no known format, but '" + format.asText() + "'");
        }
        if (format.longValue() > formatMax) {
            throw new DirectoryRefusedException(directory.resolve(name) + " has format " + format.longValue()
                    + " and was written by a newer release; this one knows format " + formatMax
                    + ". Start the newer release; nothing was changed.");
        }
    }

    void writeJson(String name, Object document) throws IOException {
        write(name, JSON.writeValueAsBytes(document));
    }

    /** Not synced: whoever finds the file again knows what to do with it. */
    void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    void deleteTemporary(Iterable<String> names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(directory.resolve(name + TEMPORARY));
        }
    }

    DirectoryRefusedException damaged(String name, String why) {
        return DirectoryRefusedException.damaged(directory, directory.resolve(name), why);
    }

    /** Creates what is missing of the path and makes the new names durable. */
    static void create(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new DirectoryRefusedException(path + " is not a directory. Give the node a directory of its own.");
        }
        var missing = new ArrayList<Path>();
        for (Path part = path; part != null && !Files.exists(part); part = part.getParent()) {
            missing.add(part);
        }
        Files.createDirectories(path);
        for (Path part : missing) {
            Path parent = part.getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    /** Makes new, renamed and removed names in a directory durable. */
    static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
