package io.dynamokv.node.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Moves all that a turned-away node left aside, within its directory, so that a new node begins there and nothing is lost (rule N3). The mark goes
 * last: a crash in between leaves the rest for the next start.
 */
final class TurnedAwayFiles {
    /** Why a peer turned the node away. */
    static final String MARK = "turned-away.json";

    private static final String ASIDE = "turned-away-";

    private final Path directory;

    TurnedAwayFiles(Path directory) {
        this.directory = directory;
    }

    static boolean isAside(String name) {
        return name.startsWith(ASIDE);
    }

    boolean areThere() {
        return Files.exists(directory.resolve(MARK));
    }

    /**
     * @param name of the place, the first time
     * @return where they are now
     */
    Path moveAside(String name) throws IOException {
        Optional<Path> begun = begunPlace();
        Path aside = begun.isPresent() ? begun.get() : Files.createDirectory(freePlace(name));
        DirectoryFiles.sync(directory);
        for (Path entry : entries()) {
            String entryName = String.valueOf(entry.getFileName());
            if (!isAside(entryName)
                    && !List.of(DirectoryLock.FILE, "lost+found", MARK).contains(entryName)) {
                move(entry, aside);
            }
        }
        DirectoryFiles.sync(aside);
        DirectoryFiles.sync(directory);
        move(directory.resolve(MARK), aside);
        DirectoryFiles.sync(aside);
        DirectoryFiles.sync(directory);
        return aside;
    }

    /** One that has no mark yet. */
    private Optional<Path> begunPlace() throws IOException {
        return entries().stream()
                .filter(Files::isDirectory)
                .filter(entry -> isAside(String.valueOf(entry.getFileName())) && !Files.exists(entry.resolve(MARK)))
                .findFirst();
    }

    private Path freePlace(String name) {
        Path place = directory.resolve(ASIDE + name);
        for (int i = 2; Files.exists(place); i++) {
            place = directory.resolve(ASIDE + name + "-" + i);
        }
        return place;
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static void move(Path entry, Path into) throws IOException {
        Files.move(entry, into.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
}
