package io.dynamokv.node.outside;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.HexFormat;

/**
 * A connection of HTTP/2, frame by frame, whose client fetches nothing unless it says so: the window that it opens is its own choice, and no library's (RFC
 * 9113).
 */
final class StreamsConnection implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataOutputStream out;
    private int lastStream = -1;

    private StreamsConnection(Socket socket) throws IOException {
        this.socket = socket;
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** With a window of no bytes for each stream. */
    static StreamsConnection to(String host, int port) throws IOException {
        var socket = new Socket(host, port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        var connection = new StreamsConnection(socket);
        connection.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        connection.openStreams(0);
        return connection;
    }

    void get(String path) throws IOException {
        ask("GET", path);
    }

    void ask(String method, String path) throws IOException {
        var head = new ByteArrayOutputStream();
        addHeader(head, 2, method); // :method
        head.write(0x86); // :scheme http
        addHeader(head, 4, path); // :path
        addHeader(head, 1, "x"); // :authority
        lastStream += 2;
        frame(HEADERS, END_STREAM | END_HEADERS, lastStream, head.toByteArray());
    }

    private static void addHeader(ByteArrayOutputStream head, int name, String value) {
        head.write(name);
        head.write(value.length());
        head.writeBytes(value.getBytes(US_ASCII));
    }

    void ping() throws IOException {
        frame(PING, 0, 0, new byte[8]);
    }

    /** What each stream may send. */
    void openStreams(int bytes) throws IOException {
        var setting = new ByteArrayOutputStream();
        var to = new DataOutputStream(setting);
        to.writeShort(INITIAL_WINDOW_SIZE);
        to.writeInt(bytes);
        frame(SETTINGS, 0, 0, setting.toByteArray());
    }

    /** What all of them may send together. */
    void openConnection(int bytes) throws IOException {
        var more = new ByteArrayOutputStream();
        new DataOutputStream(more).writeInt(bytes);
        frame(WINDOW_UPDATE, 0, 0, more.toByteArray());
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        var to = new DataOutputStream(frame);
        to.writeByte(payload.length >> 16);
        to.writeShort(payload.length);
        to.writeByte(type);
        to.writeByte(flags);
        to.writeInt(stream);
        to.write(payload);
        out.write(frame.toByteArray());
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Frame(int type, int flags, int stream, byte[] payload) {}

    private Frame nextFrame() throws IOException {
        var in = new DataInputStream(socket.getInputStream());
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        return new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt(), in.readNBytes(length));
    }

    private Frame awaitOfLastStream(int type) throws IOException {
        Frame frame = nextFrame();
        while (frame.type() != type || frame.stream() != lastStream) {
            frame = nextFrame();
        }
        return frame;
    }

    /** Reads until the head of the last stream's answer. */
    String awaitHead() throws IOException {
        return HexFormat.of().formatHex(awaitOfLastStream(HEADERS).payload());
    }

    void awaitReset() throws IOException {
        awaitOfLastStream(RST_STREAM);
    }

    /** Wants the last stream no more. */
    void reset() throws IOException {
        frame(RST_STREAM, 0, lastStream, new byte[4]);
    }

    /** Reads until so many streams have got their ends. */
    long awaitBytesOf(int streams) throws IOException {
        long bytes = 0;
        for (int ended = 0; ended < streams; ) {
            Frame frame = nextFrame();
            bytes += frame.type() == DATA ? frame.payload().length : 0;
            if ((frame.type() == DATA || frame.type() == HEADERS) && (frame.flags() & END_STREAM) != 0) {
                ended++;
            }
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
