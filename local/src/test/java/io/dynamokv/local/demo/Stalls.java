package io.dynamokv.local.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * When the machine itself stood still: its processors or its disk. A write waits for a sync at two nodes, which share this disk in a test, so one
 * that was under way then says nothing of the nodes. Found by doing the same: a few bytes written and synced, again and again.
 */
final class Stalls implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(20);
    /** A node gives a write 700 ms, for two syncs one after the other and the way between. */
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private record Stall(long fromNanos, long toNanos) {
        long nanos() {
            return toNanos - fromNanos;
        }

        boolean touches(long from, long to) {
            return fromNanos - to < 0 && from - toNanos < 0;
        }
    }

    private final Path file;
    private final List<Stall> seen = new CopyOnWriteArrayList<>();
    private final long watchedFromNanos = System.nanoTime();
    private final Thread watch;
    private volatile boolean running = true;

    private Stalls(Path file) {
        this.file = file;
        watch = Thread.ofPlatform().name("stalls").daemon().start(this::watch);
    }

    static Stalls watched() throws IOException {
        return new Stalls(Files.createTempFile("stalls", ".sync"));
    }

    private void watch() {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            while (running) {
                long fromNanos = System.nanoTime();
                LockSupport.parkNanos(EVERY.toNanos());
                channel.write(ByteBuffer.allocate(Long.BYTES), 0);
                channel.force(false);
                long toNanos = System.nanoTime();
                if (toNanos - fromNanos > STALL_NANOS) {
                    seen.add(new Stall(fromNanos, toNanos));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether there was one between these two readings of {@link System#nanoTime}. One that goes on is not known before its end. */
    boolean touched(long fromNanos, long toNanos) {
        return seen.stream().anyMatch(stall -> stall.touches(fromNanos, toNanos));
    }

    /** Whether the machine stood still most of the time until now: what is left says little of the nodes. */
    boolean wereMostOfTheTime() {
        long stalledNanos = seen.stream().mapToLong(Stall::nanos).sum();
        return stalledNanos > (System.nanoTime() - watchedFromNanos) / 2;
    }

    @Override
    public void close() {
        running = false;
        try {
            watch.join();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while the watch ends", e);
        }
    }
}
