package io.dynamokv.node.storage;

import static io.dynamokv.node.storage.Samples.key;
import static io.dynamokv.node.storage.Samples.stored;

import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.store.StoreException;
import io.dynamokv.core.store.StoredRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Lives on a disk of a few MiB, fills it at bad moments, and prints {@code what: outcome} lines. */
final class SmallDisk {
    private static final ClusterMap FIRST = Samples.firstMap(Samples.CLUSTER);
    private final Path mount;
    private final Path directory;
    private final Path filler;
    private final SplittableRandom random = new SplittableRandom(4);

    private SmallDisk(Path mount) {
        this.mount = mount;
        directory = mount.resolve("node");
        filler = mount.resolve("filler");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var disk = new SmallDisk(Path.of(arguments[0]));
        disk.create();
        disk.adopt();
        disk.openDatabase();
        disk.write();
        disk.mountReadOnly();
    }

    private void create() throws IOException {
        fill();
        tell("create", this::start);
        free();
        tell("create again", this::start);
    }

    private void adopt() throws IOException {
        try (var opened = open()) {
            RocksReplicaStore.open(opened.database(), Samples.SMALL).close();
            opened.adopt(FIRST, opened.chain().and(FIRST));
            fill();
            tell("adopt", () -> adoptAll(opened));
            tell("map kept", () -> opened.map().equals(Optional.of(FIRST)));
            free();
        }
        tell("start after adopt", this::start);
    }

    /** Adopts until one does not fit any more. */
    private static Object adoptAll(DataDirectory opened) {
        ClusterMap next = FIRST;
        for (int i = 0; i < 1000; i++) {
            next = Samples.childOf(next);
            opened.adopt(next, opened.chain().and(next));
        }
        return "no failure";
    }

    private void openDatabase() throws IOException {
        Path database = mount.resolve("db");
        fill();
        tell("open", () -> RocksReplicaStore.open(database, Samples.SMALL));
        free();
    }

    private void write() throws IOException {
        Path database = directory.resolve("db");
        Path reserve = mount.resolve("reserve");
        Files.write(reserve, new byte[2 << 20]);
        int acknowledged = 0;
        try (var store = RocksReplicaStore.open(database, Samples.SMALL)) {
            try {
                for (int i = 0; i < 100_000; i++) {
                    byte[] value = new byte[1024];
                    random.nextBytes(value);
                    store.write(Map.of(key(1, "k" + i), new StoredRecord(Samples.record(value), null)), Map.of());
                    store.sync();
                    acknowledged = i + 1;
                }
            } catch (StoreException e) {
                System.out.println("write: " + e.getMessage());
            }
            tell("write again", () -> write(store));
            System.out.println("readable: " + (count(store, acknowledged) == acknowledged));
        }
        Files.delete(reserve);
        try (var store = RocksReplicaStore.open(database, Samples.SMALL)) {
            System.out.println("survived: " + (acknowledged > 1000 && count(store, acknowledged) == acknowledged));
            tell("write after reopening", () -> write(store));
        }
    }

    private static Object write(RocksReplicaStore store) {
        store.write(Map.of(key(1, "more"), stored("more")), Map.of());
        return "done";
    }

    private static int count(RocksReplicaStore store, int keys) {
        int found = 0;
        for (int i = 0; i < keys; i++) {
            found += store.read(List.of(key(1, "k" + i))).size();
        }
        return found;
    }

    private void mountReadOnly() throws IOException, InterruptedException {
        var remount = new ProcessBuilder("mount", "-o", "remount,ro", mount.toString())
                .inheritIO()
                .start();
        System.out.println("remount: " + remount.waitFor());
        tell("start read-only", this::start);
    }

    private Object start() {
        try (var opened = open()) {
            return "boot " + opened.boot().number();
        }
    }

    private DataDirectory open() {
        return DataDirectory.open(directory, Optional.empty(), random);
    }

    private interface Attempt {
        Object run();
    }

    private static void tell(String what, Attempt attempt) {
        try {
            System.out.println(what + ": " + attempt.run());
        } catch (DirectoryRefusedException | StoreException e) {
            System.out.println(what + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private void fill() throws IOException {
        Files.createDirectories(directory);
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            System.out.println("filled: " + e.getMessage());
        }
    }

    private void free() throws IOException {
        Files.delete(filler);
    }
}
