package io.dynamokv.node.transport;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server that knows one address for every name, and lets it be remembered for an hour (RFC 1035). */
public final class NameServer {
    private static final int HEADER_BYTES = 12;
    private static final int TYPE_A = 1;
    private static final int TTL_SECONDS = 3600;

    private final DatagramSocket socket;
    private final AtomicInteger queriesSinceSilent = new AtomicInteger();
    private volatile String address;
    private volatile boolean silent;

    public NameServer(Vertx vertx, String address) {
        this.address = address;
        socket = vertx.createDatagramSocket();
        socket.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        socket.handler(packet -> {
            if (silent) {
                queriesSinceSilent.incrementAndGet();
            } else {
                socket.send(
                        answerTo(packet.data()),
                        packet.sender().port(),
                        packet.sender().host());
            }
        });
    }

    public int port() {
        return socket.localAddress().port();
    }

    void nowSay(String newAddress) {
        address = newAddress;
    }

    /** From now on queries come and nothing goes. */
    public void fallSilent() {
        silent = true;
    }

    public int queriesSinceSilent() {
        return queriesSinceSilent.get();
    }

    private Buffer answerTo(Buffer query) {
        int end = HEADER_BYTES;
        while (query.getByte(end) != 0) {
            end += query.getByte(end) + 1;
        }
        int type = query.getUnsignedShort(end + 1);
        Buffer answer = Buffer.buffer()
                .appendUnsignedShort(query.getUnsignedShort(0))
                .appendUnsignedShort(0x8180)
                .appendUnsignedShort(1)
                .appendUnsignedShort(type == TYPE_A ? 1 : 0)
                .appendInt(0)
                .appendBuffer(query.getBuffer(HEADER_BYTES, end + 5));
        return type == TYPE_A
                ? answer.appendUnsignedShort(0xC00C)
                        .appendUnsignedShort(TYPE_A)
                        .appendUnsignedShort(1)
                        .appendInt(TTL_SECONDS)
                        .appendUnsignedShort(4)
                        .appendBytes(bytesOf(address))
                : answer;
    }

    private static byte[] bytesOf(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address + " is no address", e);
        }
    }
}
