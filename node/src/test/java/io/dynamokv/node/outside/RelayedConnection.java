package io.dynamokv.node.outside;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One connection between two nodes, through a relay. Each direction has a reader and a writer, so that what is under way is late and not held up. Once
 * bytes were swallowed nothing more passes in that direction: a stream with a hole in it does not exist.
 */
final class RelayedConnection {
    private static final int CHUNKS_MAX = 1024;
    private static final int OFFER_MILLIS = 100;

    /** What becomes of bytes now, in each direction. */
    record Ways(Supplier<Passage> toListener, Supplier<Passage> toCaller) {}

    /** No bytes are the end. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chunk(byte[] bytes, long dueNanos) {
        private boolean isEnd() {
            return bytes.length == 0;
        }
    }

    private final Socket caller;
    private final Socket listener;
    private final Ways ways;
    private final Consumer<RelayedConnection> onClosed;
    private volatile boolean closed;
    private volatile boolean lossy;

    RelayedConnection(Socket caller, Socket listener, Ways ways, Consumer<RelayedConnection> onClosed) {
        this.caller = caller;
        this.listener = listener;
        this.ways = ways;
        this.onClosed = onClosed;
    }

    /** @param hello what the caller has said already */
    void begin(byte[] hello) {
        var toListener = new ArrayBlockingQueue<Chunk>(CHUNKS_MAX);
        toListener.add(chunk(hello, hello.length, ways.toListener().get()));
        run(() -> read(caller, ways.toListener(), toListener));
        run(() -> write(listener, ways.toListener(), toListener));
        var toCaller = new ArrayBlockingQueue<Chunk>(CHUNKS_MAX);
        run(() -> read(listener, ways.toCaller(), toCaller));
        run(() -> write(caller, ways.toCaller(), toCaller));
    }

    private interface Pump {
        void run() throws InterruptedException;
    }

    private static void run(Pump pump) {
        Thread.ofVirtual().start(() -> {
            try {
                pump.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException("nobody interrupts it", e);
            }
        });
    }

    private static Chunk chunk(byte[] bytes, int length, Passage passage) {
        return new Chunk(
                Arrays.copyOf(bytes, length), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(passage.delayMillis()));
    }

    private void read(Socket from, Supplier<Passage> passage, BlockingQueue<Chunk> chunks) throws InterruptedException {
        byte[] buffer = new byte[Passage.OPEN.chunkBytes()];
        int length = 1;
        while (length > 0) {
            Passage now = passage.get();
            length = readSome(from, buffer, now.chunkBytes());
            Chunk chunk = chunk(buffer, length, now);
            boolean isTaken = false;
            while (!isTaken) {
                // If the writer is slower, whoever sends has to wait, as on any connection.
                isTaken = chunks.offer(chunk, OFFER_MILLIS, TimeUnit.MILLISECONDS) || closed;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(now.chunkMillis()));
        }
    }

    /** A reset is an end. */
    private static int readSome(Socket from, byte[] buffer, int bytesMax) {
        try {
            return Math.max(0, from.getInputStream().read(buffer, 0, bytesMax));
        } catch (IOException _) {
            return 0;
        }
    }

    private void write(Socket to, Supplier<Passage> passage, BlockingQueue<Chunk> chunks) throws InterruptedException {
        boolean hasHole = false;
        Chunk chunk;
        do {
            chunk = chunks.take();
            awaitDue(chunk);
            if (hasHole || passage.get().isCut()) {
                hasHole = true;
                lose(passage);
            } else if (chunk.isEnd() || !writeAll(to, chunk)) {
                close();
            }
        } while (!chunk.isEnd() && !closed);
    }

    private static void awaitDue(Chunk chunk) {
        long leftNanos = chunk.dueNanos() - System.nanoTime();
        while (leftNanos > 0) {
            LockSupport.parkNanos(leftNanos);
            leftNanos = chunk.dueNanos() - System.nanoTime();
        }
    }

    /** If the network was healed meanwhile, it may have passed by this connection. */
    private void lose(Supplier<Passage> passage) {
        lossy = true;
        if (!passage.get().isCut()) {
            resetIfLossy();
        }
    }

    private static boolean writeAll(Socket to, Chunk chunk) {
        try {
            to.getOutputStream().write(chunk.bytes());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    void resetIfLossy() {
        if (lossy) {
            closed = true;
            reset(caller);
            reset(listener);
            onClosed.accept(this);
        }
    }

    void close() {
        closed = true;
        try (caller;
                listener) {
            onClosed.accept(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Both sides' unread bytes are gone with it. */
    static void reset(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException _) {
            // it was closed before
        }
    }
}
