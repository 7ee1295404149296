package io.dynamokv.node.wire;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.News;
import io.dynamokv.core.membership.SwimMessage;
import io.dynamokv.core.membership.Update;
import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The bytes of {@link GossipMessage}s, format 1: a format byte, a type byte, then the fields in order; numbers big-endian and in full. A
 * {@link SwimMessage}'s frame has as many bytes as its {@code sizeBytes()} says, by which the machine fills messages. A release that adds a
 * type or a field raises the format and goes on reading and writing the one before (rule D1).
 */
public final class GossipCodec {
    /** The longest frame: the map of the largest cluster, and a chain of thousands of links. */
    public static final int FRAME_BYTES_MAX = 4 << 20;

    private static final byte FORMAT = 1;

    private static final byte PING = 1;
    private static final byte PING_REQUEST = 2;
    private static final byte ACK = 3;
    private static final byte NACK = 4;
    private static final byte GOSSIP = 5;
    private static final byte SYNC_REQUEST = 6;
    private static final byte SYNC_REPLY = 7;
    private static final byte MAP_REQUEST = 20;
    private static final byte MAP_REPLY = 21;

    /** An update with an empty host and no accuser; bounds what a lying count can make us allocate. */
    private static final int UPDATE_BYTES_MIN = 46;

    private static final int HEALTH_MAX = 255;

    private GossipCodec() {}

    /** Appends the message as a whole frame. */
    public static void encode(GossipMessage message, ByteBuf to) {
        int start = Frames.begin(to);
        to.writeByte(FORMAT);
        switch (message) {
            case GossipMessage.Membership(SwimMessage swim) -> encode(swim, to);
            case GossipMessage.MapRequest(Epoch newest) ->
                to.writeByte(MAP_REQUEST).writeLong(newest.number());
            case GossipMessage.MapReply(String map, String chain) -> {
                to.writeByte(MAP_REPLY);
                putText(to, map);
                putText(to, chain);
            }
        }
        Frames.end(to, start);
    }

    private static void encode(SwimMessage message, ByteBuf to) {
        switch (message) {
            case SwimMessage.Ping ping -> {
                to.writeByte(PING).writeLong(ping.sequence());
                putId(to, ping.target());
                to.writeByte(Math.min(ping.health(), HEALTH_MAX));
            }
            case SwimMessage.PingRequest request -> {
                to.writeByte(PING_REQUEST).writeLong(request.sequence());
                putId(to, request.target());
                putAddress(to, request.address());
            }
            case SwimMessage.Ack ack -> to.writeByte(ACK).writeLong(ack.sequence());
            case SwimMessage.Nack nack -> to.writeByte(NACK).writeLong(nack.sequence());
            case SwimMessage.Gossip _ -> to.writeByte(GOSSIP);
            case SwimMessage.SyncRequest _ -> to.writeByte(SYNC_REQUEST);
            case SwimMessage.SyncReply _ -> to.writeByte(SYNC_REPLY);
        }
        putNews(to, message.news());
    }

    /** @throws MalformedException if the bytes are no message, or if any are left behind it */
    public static GossipMessage decode(ByteBuf from) {
        try {
            byte format = from.readByte();
            if (format != FORMAT) {
                throw new MalformedException("a gossip message's format must be " + FORMAT + ", was " + format);
            }
            GossipMessage message = decode(from.readByte(), from);
            if (from.isReadable()) {
                throw new MalformedException(from.readableBytes() + " bytes behind a gossip message");
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            throw new MalformedException("a gossip message is cut off", e);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a gossip message: " + e.getMessage(), e);
        }
    }

    private static GossipMessage decode(byte type, ByteBuf from) {
        return switch (type) {
            case MAP_REQUEST -> new GossipMessage.MapRequest(new Epoch(from.readLong()));
            case MAP_REPLY -> new GossipMessage.MapReply(getText(from), getText(from));
            default -> new GossipMessage.Membership(decodeSwim(type, from));
        };
    }

    private static SwimMessage decodeSwim(byte type, ByteBuf from) {
        return switch (type) {
            case PING -> new SwimMessage.Ping(from.readLong(), getId(from), from.readUnsignedByte(), getNews(from));
            case PING_REQUEST ->
                new SwimMessage.PingRequest(from.readLong(), getId(from), getAddress(from), getNews(from));
            case ACK -> new SwimMessage.Ack(from.readLong(), getNews(from));
            case NACK -> new SwimMessage.Nack(from.readLong(), getNews(from));
            case GOSSIP -> new SwimMessage.Gossip(getNews(from));
            case SYNC_REQUEST -> new SwimMessage.SyncRequest(getNews(from));
            case SYNC_REPLY -> new SwimMessage.SyncReply(getNews(from));
            default -> throw new MalformedException("unknown type " + type + " of a gossip message");
        };
    }

    private static void putNews(ByteBuf to, News news) {
        putUpdate(to, news.sender());
        to.writeShort(news.updates().size());
        news.updates().forEach(update -> putUpdate(to, update));
    }

    private static News getNews(ByteBuf from) {
        Update sender = getUpdate(from);
        int count = from.readUnsignedShort();
        if ((long) count * UPDATE_BYTES_MIN > from.readableBytes()) {
            throw new MalformedException(count + " updates in " + from.readableBytes() + " bytes");
        }
        List<Update> updates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            updates.add(getUpdate(from));
        }
        return new News(sender, updates);
    }

    private static void putUpdate(ByteBuf to, Update update) {
        putId(to, update.member());
        to.writeByte(codeOf(update.liveness()));
        to.writeLong(update.incarnation().bootNumber())
                .writeLong(update.incarnation().counter());
        putAddress(to, update.address());
        Epoch epoch = update.epoch();
        to.writeLong(epoch == null ? 0 : epoch.number());
        NodeId accuser = update.accuser();
        if (accuser != null) {
            putId(to, accuser);
        }
    }

    private static Update getUpdate(ByteBuf from) {
        NodeId member = getId(from);
        Liveness liveness = livenessOf(from.readByte());
        var incarnation = new Incarnation(from.readLong(), from.readLong());
        NodeAddress address = getAddress(from);
        long epochNumber = from.readLong();
        Epoch epoch = epochNumber == 0 ? null : new Epoch(epochNumber);
        NodeId accuser = liveness == Liveness.SUSPECT ? getId(from) : null;
        return new Update(member, liveness, incarnation, address, epoch, accuser);
    }

    private static int codeOf(Liveness liveness) {
        return switch (liveness) {
            case ALIVE -> 0;
            case SUSPECT -> 1;
            case DOWN -> 2;
        };
    }

    private static Liveness livenessOf(byte code) {
        return switch (code) {
            case 0 -> Liveness.ALIVE;
            case 1 -> Liveness.SUSPECT;
            case 2 -> Liveness.DOWN;
            default -> throw new MalformedException("unknown liveness " + code);
        };
    }

    private static void putAddress(ByteBuf to, NodeAddress address) {
        byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
        to.writeByte(host.length).writeBytes(host);
        to.writeShort(address.peerPort()).writeShort(address.httpPort());
    }

    private static NodeAddress getAddress(ByteBuf from) {
        String host = from.readCharSequence(from.readUnsignedByte(), StandardCharsets.UTF_8)
                .toString();
        if (host.getBytes(StandardCharsets.UTF_8).length > Update.HOST_BYTES_MAX) {
            throw new MalformedException("a host that is no UTF-8");
        }
        return new NodeAddress(host, from.readUnsignedShort(), from.readUnsignedShort());
    }

    private static void putId(ByteBuf to, NodeId id) {
        to.writeLong(id.value().getMostSignificantBits()).writeLong(id.value().getLeastSignificantBits());
    }

    private static NodeId getId(ByteBuf from) {
        return new NodeId(new UUID(from.readLong(), from.readLong()));
    }

    private static void putText(ByteBuf to, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        to.writeInt(bytes.length).writeBytes(bytes);
    }

    private static String getText(ByteBuf from) {
        int length = from.readInt();
        if (length < 0 || length > from.readableBytes()) {
            throw new MalformedException("a text of " + length + " bytes in " + from.readableBytes());
        }
        return from.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }
}
