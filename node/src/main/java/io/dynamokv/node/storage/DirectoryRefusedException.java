package io.dynamokv.node.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** A node cannot use its directory. The message is for whoever has to mend it, at night: what, where, and what to do. */
public final class DirectoryRefusedException extends RuntimeException {
    DirectoryRefusedException(String message) {
        super(message);
    }

    private DirectoryRefusedException(String message, Exception cause) {
        super(message, cause);
    }

    /**
     * The refusal for what the disk or the database said.
     *
     * @param attempt what failed, as in "opening the database"
     */
    static DirectoryRefusedException explain(Path directory, String attempt, Exception cause) {
        if (isDiskFull(cause)) {
            return new DirectoryRefusedException(
                    "The disk of " + directory + " is full (" + usable(directory) + "): " + attempt
                            + " failed. Free some space, then start the node again; nothing was discarded.",
                    cause);
        }
        if (isForbidden(cause)) {
            return new DirectoryRefusedException(
                    directory + " is not writable for user " + System.getProperty("user.name") + ": " + attempt
                            + " failed (" + cause.getMessage() + "). Check its owner, its mode and how it is mounted.",
                    cause);
        }
        return new DirectoryRefusedException(
                directory + " cannot be used: " + attempt + " failed (" + cause.getMessage() + ").", cause);
    }

    static DirectoryRefusedException damaged(Path directory, Path file, String why) {
        return new DirectoryRefusedException(
                file + " is damaged (" + why + "). Restore the file, or, " + discard(directory));
    }

    /** A command that discards is shown only together with what must be true before anyone runs it. */
    static String discard(Path directory) {
        return "only if the other replicas hold all that this node held, discard the directory with: rm -r -- '"
                + directory.toString().replace("'", "'\\''") + "'";
    }

    private static boolean isDiskFull(Exception cause) {
        if (cause instanceof RocksDBException e
                && e.getStatus() != null
                && e.getStatus().getSubCode() == Status.SubCode.NoSpace) {
            return true;
        }
        return says(cause, "no space left on device") || says(cause, "disk quota exceeded");
    }

    private static boolean isForbidden(Exception cause) {
        return cause instanceof AccessDeniedException
                || says(cause, "read-only file system")
                || says(cause, "permission denied");
    }

    /** Neither Java nor RocksDB has a type for each of these. */
    private static boolean says(Exception cause, String text) {
        String message = cause.getMessage();
        return message != null && message.toLowerCase(Locale.ROOT).contains(text);
    }

    private static String usable(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace() + " bytes are usable";
        } catch (IOException e) {
            return "how much is usable cannot be told: " + e.getMessage();
        }
    }
}
