package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One connection of a {@link Flood}: says what is due, while another thread hears the answers; begins anew when it is closed. */
final class FloodConnection {
    private static final long AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int LINE_BYTES_MAX = 8 << 10;

    private final Flood flood;
    private final NodeUnderTest node;
    private final long intervalNanos;
    private final BlockingQueue<Flood.Request> unanswered;
    private long dueNanos;

    /** @param intervalNanos from one request to the next; 0 if each waits until there is room among the unanswered */
    FloodConnection(Flood flood, NodeUnderTest node, int unansweredMax, long intervalNanos) {
        this.flood = flood;
        this.node = node;
        this.intervalNanos = intervalNanos;
        unanswered = new ArrayBlockingQueue<>(unansweredMax);
    }

    void run(long endNanos) {
        dueNanos = System.nanoTime();
        while (System.nanoTime() - endNanos < 0) {
            try (var socket = new Socket(node.host(), node.httpPort())) {
                socket.setTcpNoDelay(true);
                socket.setSoTimeout(PATIENCE_MILLIS);
                Thread hearing = Thread.startVirtualThread(() -> hear(socket));
                say(socket, endNanos);
                socket.shutdownInput();
                hearing.join();
            } catch (IOException _) {
                LockSupport.parkNanos(AGAIN_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            flood.cutOff(unanswered.size());
            unanswered.clear();
        }
    }

    private void say(Socket socket, long endNanos) throws InterruptedException {
        try {
            while (System.nanoTime() - endNanos < 0 && !socket.isClosed()) {
                if (intervalNanos == 0) {
                    sayWhenThereIsRoom(socket);
                } else {
                    sayWhatIsDue(socket);
                }
            }
            while (!unanswered.isEmpty() && !socket.isClosed()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        } catch (IOException _) {
            // what is unanswered is counted as cut off
        }
    }

    private void sayWhenThereIsRoom(Socket socket) throws IOException, InterruptedException {
        Flood.Request request = flood.next();
        while (!unanswered.offer(request, 100, TimeUnit.MILLISECONDS)) {
            if (socket.isClosed()) {
                return;
            }
        }
        socket.getOutputStream().write(flood.bytesOf(request));
    }

    private void sayWhatIsDue(Socket socket) throws IOException {
        long early = dueNanos - System.nanoTime();
        if (early > 0) {
            LockSupport.parkNanos(early);
            return;
        }
        dueNanos += intervalNanos;
        if (unanswered.remainingCapacity() == 0) {
            flood.overdue();
            return;
        }
        Flood.Request request = flood.next();
        unanswered.add(request);
        socket.getOutputStream().write(flood.bytesOf(request));
    }

    private void hear(Socket socket) {
        try (InputStream from = new BufferedInputStream(socket.getInputStream(), 64 << 10)) {
            while (true) {
                Flood.Answer answer = answer(from);
                Flood.Request request = unanswered.peek();
                if (request == null) {
                    throw new IOException("an answer to nothing");
                }
                flood.answered(request, answer);
                unanswered.poll();
                if (answer.close()) {
                    return;
                }
            }
        } catch (IOException _) {
            // the socket is closed now, and whoever says something finds that out
        }
    }

    private static Flood.Answer answer(InputStream from) throws IOException {
        int status = Integer.parseInt(line(from), 9, 12, 10);
        int length = 0;
        boolean retryAfter = false;
        boolean close = false;
        for (String header = line(from); !header.isEmpty(); header = line(from)) {
            String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
            if (name.equals("content-length")) {
                length = Integer.parseInt(header.substring(name.length() + 1).strip());
            }
            retryAfter |= name.equals("retry-after");
            close |= name.equals("connection") && header.endsWith("close");
        }
        byte[] body = from.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("cut off in a body");
        }
        return new Flood.Answer(status, retryAfter, close, body);
    }

    private static String line(InputStream from) throws IOException {
        byte[] line = new byte[LINE_BYTES_MAX];
        int length = 0;
        for (int b = from.read(); b != '\n'; b = from.read()) {
            if (b < 0) {
                throw new EOFException("cut off in a head");
            }
            line[length++] = (byte) b;
        }
        return new String(line, 0, length - 1, ISO_8859_1);
    }
}
