package io.dynamokv.node.outside;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** An HTTP connection on which anything can be said. Its texts are Latin-1: a character for a byte. */
final class RawConnection implements AutoCloseable {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;

    private RawConnection(Socket socket) {
        this.socket = socket;
    }

    static RawConnection to(String host, int port) throws IOException {
        var socket = new Socket(host, port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawConnection(socket);
    }

    RawConnection say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawConnection say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** What a whole answer says. */
    record Answer(int status, String head, String body) {
        /** A header's value, or "none". */
        String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("none");
        }
    }

    Answer answer() throws IOException {
        String head = head();
        int length = 0;
        for (String line : head.lines().toList()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        byte[] body = socket.getInputStream().readNBytes(length);
        return new Answer(
                Integer.parseInt(head, STATUS_AT, STATUS_AT + 3, 10), head, new String(body, StandardCharsets.UTF_8));
    }

    private String head() throws IOException {
        var read = new ByteArrayOutputStream();
        InputStream from = socket.getInputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = from.read();
            if (b < 0) {
                throw new IOException("closed after '" + read.toString(StandardCharsets.ISO_8859_1) + "'");
            }
            read.write(b);
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads until the other side closes; whatever it says. */
    void awaitClose() throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // only the end counts
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (SocketException _) {
            // reset: closed as well
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
