package io.dynamokv.node.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process at a time uses a directory. The lock is the operating system's, so it ends with the process however that ends; the file holds
 * the process's id for people and is never removed.
 */
final class DirectoryLock implements AutoCloseable {
    static final String FILE = "lock";
    private static final int PID_BYTES_MAX = 32;
    /**
     * Directories locked by this process. Asking the operating system is not enough: when a process closes any of its
     * channels to a file, it loses all its locks on it, so a second attempt would unlock the first.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** @throws DirectoryRefusedException if another process, or this one, has it */
    static DirectoryLock acquire(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw heldBy(directory, ProcessHandle.current().pid() + " (this one)");
        }
        try {
            return new DirectoryLock(real, lockedChannel(directory));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(real);
            throw e;
        }
    }

    private static FileChannel lockedChannel(Path directory) throws IOException {
        var channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw heldBy(directory, readPid(channel));
            }
            writePid(channel);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static DirectoryRefusedException heldBy(Path directory, String pid) {
        return new DirectoryRefusedException(directory + " is used by another node, the process with pid " + pid
                + ". Stop that one first, or give this one a directory of its own.");
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        return StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
    }

    private static void writePid(FileChannel channel) throws IOException {
        byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(pid), 0);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(directory);
        }
    }
}
