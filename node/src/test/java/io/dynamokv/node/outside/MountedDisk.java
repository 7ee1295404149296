package io.dynamokv.node.outside;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A small disk for a node, in a mount namespace that a process of its own keeps: so it outlives the node, and nobody else sees it. */
final class MountedDisk implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;

    private final Process keeper;
    private final Path mount;
    private final List<String> namespaces;

    private MountedDisk(Process keeper, Path mount, List<String> namespaces) {
        this.keeper = keeper;
        this.mount = mount;
        this.namespaces = namespaces;
    }

    /** Empty where the system lets nobody mount one. */
    static Optional<MountedDisk> mount(Path at, String size) throws IOException {
        Files.createDirectories(at);
        Optional<MountedDisk> asRoot = mount(at, size, List.of("unshare", "-m"), List.of("-m"));
        return asRoot.isPresent()
                ? asRoot
                : mount(at, size, List.of("unshare", "-r", "-m"), List.of("-U", "--preserve-credentials", "-m"));
    }

    private static Optional<MountedDisk> mount(Path at, String size, List<String> unshare, List<String> namespaces)
            throws IOException {
        var command = new ArrayList<>(unshare);
        String mount = "mount -t tmpfs -o size=" + size + " tmpfs '" + at + "'";
        command.addAll(List.of("sh", "-c", mount + " && echo mounted && exec cat"));
        Process keeper = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader said = keeper.inputReader(StandardCharsets.UTF_8);
        if ("mounted".equals(said.readLine())) {
            return Optional.of(new MountedDisk(keeper, at, namespaces));
        }
        keeper.destroyForcibly();
        return Optional.empty();
    }

    /** What a command begins with that is to see the disk. */
    List<String> entering() {
        var command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(keeper.pid())));
        command.addAll(namespaces);
        return command;
    }

    /** The disk as this process can reach it. */
    Path root() {
        return Path.of("/proc/" + keeper.pid() + "/root" + mount);
    }

    /** Until so much of it is used. */
    void fillTo(int percent) throws IOException {
        File disk = root().toFile();
        try (OutputStream out = Files.newOutputStream(filler())) {
            while ((disk.getTotalSpace() - disk.getFreeSpace()) * 100 < percent * disk.getTotalSpace()) {
                out.write(new byte[BLOCK_BYTES]);
            }
        }
    }

    /** To the last block. */
    void fill() throws IOException {
        boolean isFull = false;
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (!isFull) {
                isFull = !writes(out);
            }
        }
    }

    private static boolean writes(OutputStream out) {
        try {
            out.write(new byte[BLOCK_BYTES]);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    void free() throws IOException {
        Files.delete(filler());
    }

    private Path filler() {
        return root().resolve("filler");
    }

    @Override
    public void close() {
        keeper.destroyForcibly().onExit().join();
    }
}
