package io.dynamokv.node.wire;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.netty.buffer.ByteBuf;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of {@link PeerMessage}s, format 1: a format byte, a type byte, then the fields in order; numbers big-endian, texts and blobs behind
 * their lengths, records and vectors as {@link RecordCodec} has them. A release that adds a type or a field raises the format and goes on
 * reading and writing the one before (rule D1).
 */
public final class MessageCodec {
    private static final byte FORMAT = 1;

    private static final byte PING = 1;
    private static final byte PONG = 2;
    private static final byte SENT = 3;
    private static final byte REPLICATE = 10;
    private static final byte FETCH = 11;
    private static final byte EXECUTE_GET = 12;
    private static final byte EXECUTE_PUT = 13;
    private static final byte EXECUTE_DELETE = 14;
    private static final byte STAND_IN = 15;
    private static final byte DELIVER = 16;
    private static final byte PROVE = 17;
    private static final byte REAP = 18;
    private static final byte EXCHANGE = 19;
    private static final byte ACKNOWLEDGED = 20;
    private static final byte FETCHED = 21;
    private static final byte DECLINED = 22;
    private static final byte EXECUTED_FOUND = 23;
    private static final byte EXECUTED_WRITTEN = 24;
    private static final byte EXECUTED_REFUSED = 25;
    private static final byte EXECUTED_UNKNOWN = 26;
    private static final byte EXECUTED_LIMIT = 27;
    private static final byte EXECUTED_ID_REUSED = 28;
    private static final byte PROVED = 31;
    private static final byte EXCHANGED = 32;
    private static final byte EXECUTED_FOUND_SLOPPY = 29;
    private static final byte EXECUTED_WRITTEN_SLOPPY = 30;

    private MessageCodec() {}

    /** Appends the message as a whole frame. */
    public static void encode(PeerMessage message, ByteBuf to) {
        int start = Frames.begin(to);
        to.writeByte(FORMAT);
        switch (message) {
            case PeerMessage.Ping() -> to.writeByte(PING);
            case PeerMessage.Pong() -> to.writeByte(PONG);
            case PeerMessage.Sent(long millis) -> to.writeByte(SENT).writeLong(millis);
            case PeerMessage.Request request -> encode(request, to);
            case PeerMessage.Reply reply -> encode(reply.id(), reply.body(), to);
        }
        Frames.end(to, start);
    }

    private static void encode(PeerMessage.Request request, ByteBuf to) {
        to.writeByte(typeOf(request.body()));
        to.writeLong(request.id());
        to.writeShort(request.partition());
        to.writeLong(request.lastChanged().number());
        switch (request.body()) {
            case PeerRequest.Replicate(StoreKey key, VersionedRecord record) -> {
                putKey(to, key.key());
                putRecord(to, record);
            }
            case PeerRequest.StandIn(StoreKey key, VersionedRecord record, int slot) -> {
                putKey(to, key.key());
                to.writeByte(slot);
                putRecord(to, record);
            }
            case PeerRequest.Deliver(StoreKey key, VersionedRecord record) -> {
                putKey(to, key.key());
                putRecord(to, record);
            }
            case PeerRequest.Prove(int _, List<Tombstone> tombstones) -> putTombstones(to, tombstones);
            case PeerRequest.Reap(int _, List<Tombstone> tombstones) -> putTombstones(to, tombstones);
            case PeerRequest.Exchange(int _, ExchangeRequest question) -> ExchangeCodec.encode(question, to);
            case PeerRequest.Fetch(StoreKey key) -> putKey(to, key.key());
            case PeerRequest.Execute(ClientRequest.Get get) -> {
                putKey(to, get.key());
                to.writeByte(get.readQuorum());
            }
            case PeerRequest.Execute(ClientRequest.Put put) -> {
                putKey(to, put.key());
                to.writeByte(put.writeQuorum());
                putVector(to, put.context());
                putContent(to, put.content());
            }
            case PeerRequest.Execute(ClientRequest.Delete delete) -> {
                putKey(to, delete.key());
                to.writeByte(delete.readQuorum()).writeByte(delete.writeQuorum());
                to.writeLong(delete.requestId().high())
                        .writeLong(delete.requestId().low());
                putOptionalVector(to, delete.context());
            }
        }
    }

    private static byte typeOf(PeerRequest request) {
        return switch (request) {
            case PeerRequest.Replicate _ -> REPLICATE;
            case PeerRequest.StandIn _ -> STAND_IN;
            case PeerRequest.Deliver _ -> DELIVER;
            case PeerRequest.Prove _ -> PROVE;
            case PeerRequest.Reap _ -> REAP;
            case PeerRequest.Exchange _ -> EXCHANGE;
            case PeerRequest.Fetch _ -> FETCH;
            case PeerRequest.Execute(ClientRequest.Get _) -> EXECUTE_GET;
            case PeerRequest.Execute(ClientRequest.Put _) -> EXECUTE_PUT;
            case PeerRequest.Execute(ClientRequest.Delete _) -> EXECUTE_DELETE;
        };
    }

    private static void encode(long id, PeerReply reply, ByteBuf to) {
        switch (reply) {
            case PeerReply.Acknowledged() -> to.writeByte(ACKNOWLEDGED).writeLong(id);
            case PeerReply.Proved(List<Boolean> proofs) -> {
                to.writeByte(PROVED).writeLong(id).writeInt(proofs.size());
                proofs.forEach(to::writeBoolean);
            }
            case PeerReply.Exchanged(ExchangeReply answer) -> {
                to.writeByte(EXCHANGED).writeLong(id);
                ExchangeCodec.encode(answer, to);
            }
            case PeerReply.Fetched(VersionedRecord record) -> {
                to.writeByte(FETCHED).writeLong(id);
                putRecord(to, record);
            }
            case PeerReply.Declined(String why) -> {
                to.writeByte(DECLINED).writeLong(id);
                putText(to, why);
            }
            case PeerReply.Executed(Outcome outcome) -> encode(id, outcome, to);
        }
    }

    private static void encode(long id, Outcome outcome, ByteBuf to) {
        switch (outcome) {
            case Outcome.Found(VersionedRecord record, boolean sloppy) -> {
                to.writeByte(sloppy ? EXECUTED_FOUND_SLOPPY : EXECUTED_FOUND).writeLong(id);
                putRecord(to, record);
            }
            case Outcome.Written(VersionVector context, boolean sloppy) -> {
                to.writeByte(sloppy ? EXECUTED_WRITTEN_SLOPPY : EXECUTED_WRITTEN)
                        .writeLong(id);
                putOptionalVector(to, context);
            }
            case Outcome.Refused(int needed, int received) ->
                to.writeByte(EXECUTED_REFUSED).writeLong(id).writeByte(needed).writeByte(received);
            case Outcome.Unknown(int needed, int received) ->
                to.writeByte(EXECUTED_UNKNOWN).writeLong(id).writeByte(needed).writeByte(received);
            case Outcome.LimitExceeded(String limit, long value, long max) -> {
                to.writeByte(EXECUTED_LIMIT).writeLong(id);
                putText(to, limit);
                to.writeLong(value).writeLong(max);
            }
            case Outcome.RequestIdReused() -> to.writeByte(EXECUTED_ID_REUSED).writeLong(id);
        }
    }

    /** @throws MalformedException if the bytes are no message, or if any are left behind it */
    public static PeerMessage decode(ByteBuf from) {
        try {
            byte format = from.readByte();
            if (format != FORMAT) {
                throw new MalformedException("a message's format must be " + FORMAT + ", was " + format);
            }
            PeerMessage message = decode(from.readByte(), from);
            if (from.isReadable()) {
                throw new MalformedException(from.readableBytes() + " bytes behind a message");
            }
            return message;
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            throw new MalformedException("a message is cut off", e);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a message: " + e.getMessage(), e);
        }
    }

    private static PeerMessage decode(byte type, ByteBuf from) {
        return switch (type) {
            case PING -> new PeerMessage.Ping();
            case PONG -> new PeerMessage.Pong();
            case SENT -> new PeerMessage.Sent(from.readLong());
            case PROVE, REAP, EXCHANGE -> decodeForPartition(type, from);
            case REPLICATE, STAND_IN, DELIVER, FETCH, EXECUTE_GET, EXECUTE_PUT, EXECUTE_DELETE ->
                decodeRequest(type, from);
            default -> new PeerMessage.Reply(from.readLong(), decodeReply(type, from));
        };
    }

    private static PeerMessage decodeRequest(byte type, ByteBuf from) {
        long id = from.readLong();
        int partition = from.readUnsignedShort();
        var lastChanged = new Epoch(from.readLong());
        Key key = getKey(from);
        PeerRequest body = switch (type) {
            case REPLICATE -> new PeerRequest.Replicate(new StoreKey(partition, key), getRecord(from));
            case STAND_IN -> decodeStandIn(new StoreKey(partition, key), from);
            case DELIVER -> new PeerRequest.Deliver(new StoreKey(partition, key), getRecord(from));
            case FETCH -> new PeerRequest.Fetch(new StoreKey(partition, key));
            case EXECUTE_GET -> new PeerRequest.Execute(new ClientRequest.Get(key, getVotes(from)));
            case EXECUTE_PUT -> new PeerRequest.Execute(decodePut(key, from));
            default -> new PeerRequest.Execute(decodeDelete(key, from));
        };
        return new PeerMessage.Request(id, partition, lastChanged, body);
    }

    /** What is about no single key. */
    private static PeerMessage decodeForPartition(byte type, ByteBuf from) {
        long id = from.readLong();
        int partition = from.readUnsignedShort();
        var lastChanged = new Epoch(from.readLong());
        PeerRequest body = switch (type) {
            case PROVE -> new PeerRequest.Prove(partition, getTombstones(from));
            case REAP -> new PeerRequest.Reap(partition, getTombstones(from));
            default -> new PeerRequest.Exchange(partition, ExchangeCodec.decodeRequest(from));
        };
        return new PeerMessage.Request(id, partition, lastChanged, body);
    }

    private static List<Tombstone> getTombstones(ByteBuf from) {
        int count = getCount(from);
        var tombstones = new ArrayList<Tombstone>(count);
        for (int i = 0; i < count; i++) {
            tombstones.add(new Tombstone(getKey(from), getVector(from)));
        }
        return List.copyOf(tombstones);
    }

    private static PeerReply decodeProved(ByteBuf from) {
        int count = getCount(from);
        var proofs = new ArrayList<Boolean>(count);
        for (int i = 0; i < count; i++) {
            proofs.add(from.readBoolean());
        }
        return new PeerReply.Proved(List.copyOf(proofs));
    }

    /** Each of them has a byte at least. */
    private static int getCount(ByteBuf from) {
        return getLength(from);
    }

    private static void putTombstones(ByteBuf to, List<Tombstone> tombstones) {
        to.writeInt(tombstones.size());
        for (Tombstone tombstone : tombstones) {
            putKey(to, tombstone.key());
            putVector(to, tombstone.vector());
        }
    }

    private static PeerRequest.StandIn decodeStandIn(StoreKey key, ByteBuf from) {
        int slot = from.readUnsignedByte();
        if (slot >= HintedSlots.SLOTS_MAX) {
            throw new MalformedException("a slot must be 0.." + (HintedSlots.SLOTS_MAX - 1) + ", was " + slot);
        }
        return new PeerRequest.StandIn(key, getRecord(from), slot);
    }

    private static ClientRequest.Put decodePut(Key key, ByteBuf from) {
        int writeQuorum = getVotes(from);
        VersionVector context = getVector(from);
        return new ClientRequest.Put(key, context, getContent(from), writeQuorum);
    }

    private static ClientRequest.Delete decodeDelete(Key key, ByteBuf from) {
        int readQuorum = getVotes(from);
        int writeQuorum = getVotes(from);
        var requestId = new RequestId(from.readLong(), from.readLong());
        return new ClientRequest.Delete(key, requestId, getOptionalVector(from), readQuorum, writeQuorum);
    }

    private static PeerReply decodeReply(byte type, ByteBuf from) {
        return switch (type) {
            case ACKNOWLEDGED -> new PeerReply.Acknowledged();
            case PROVED -> decodeProved(from);
            case EXCHANGED -> new PeerReply.Exchanged(ExchangeCodec.decodeReply(from));
            case FETCHED -> new PeerReply.Fetched(getRecord(from));
            case DECLINED -> new PeerReply.Declined(getText(from));
            case EXECUTED_FOUND -> new PeerReply.Executed(new Outcome.Found(getRecord(from)));
            case EXECUTED_FOUND_SLOPPY -> new PeerReply.Executed(new Outcome.Found(getRecord(from), true));
            case EXECUTED_WRITTEN -> new PeerReply.Executed(new Outcome.Written(getOptionalVector(from)));
            case EXECUTED_WRITTEN_SLOPPY -> new PeerReply.Executed(new Outcome.Written(getOptionalVector(from), true));
            case EXECUTED_REFUSED -> new PeerReply.Executed(new Outcome.Refused(from.readByte(), from.readByte()));
            case EXECUTED_UNKNOWN -> new PeerReply.Executed(new Outcome.Unknown(from.readByte(), from.readByte()));
            case EXECUTED_LIMIT ->
                new PeerReply.Executed(new Outcome.LimitExceeded(getText(from), from.readLong(), from.readLong()));
            case EXECUTED_ID_REUSED -> new PeerReply.Executed(new Outcome.RequestIdReused());
            default -> throw new MalformedException("unknown type of message " + type);
        };
    }

    private static int getVotes(ByteBuf from) {
        byte votes = from.readByte();
        if (votes < 1) {
            throw new MalformedException("a quorum must be at least 1, was " + votes);
        }
        return votes;
    }

    static void putKey(ByteBuf to, Key key) {
        putText(to, key.bucket());
        putText(to, key.name());
    }

    static Key getKey(ByteBuf from) {
        return new Key(getText(from), getText(from));
    }

    static void putText(ByteBuf to, String text) {
        putBytes(to, text.getBytes(StandardCharsets.UTF_8));
    }

    static String getText(ByteBuf from) {
        return new String(getBytes(from), StandardCharsets.UTF_8);
    }

    private static void putBytes(ByteBuf to, byte[] bytes) {
        to.writeInt(bytes.length).writeBytes(bytes);
    }

    private static byte[] getBytes(ByteBuf from) {
        byte[] bytes = new byte[getLength(from)];
        from.readBytes(bytes);
        return bytes;
    }

    static int getLength(ByteBuf from) {
        int length = from.readInt();
        if (length < 0 || length > from.readableBytes()) {
            throw new MalformedException(
                    "a length of " + length + " where " + from.readableBytes() + " bytes are left");
        }
        return length;
    }

    static void putRecord(ByteBuf to, VersionedRecord record) {
        int size = RecordCodec.size(record);
        to.writeInt(size).ensureWritable(size);
        RecordCodec.encode(record, to.nioBuffer(to.writerIndex(), size));
        to.writerIndex(to.writerIndex() + size);
    }

    static VersionedRecord getRecord(ByteBuf from) {
        int length = getLength(from);
        ByteBuffer bytes = from.nioBuffer(from.readerIndex(), length);
        from.skipBytes(length);
        return RecordCodec.decode(bytes);
    }

    private static void putVector(ByteBuf to, VersionVector vector) {
        int size = RecordCodec.size(vector);
        to.writeInt(size).ensureWritable(size);
        RecordCodec.encode(vector, to.nioBuffer(to.writerIndex(), size));
        to.writerIndex(to.writerIndex() + size);
    }

    private static VersionVector getVector(ByteBuf from) {
        int length = getLength(from);
        VersionVector vector = RecordCodec.decodeVector(from.nioBuffer(from.readerIndex(), length));
        from.skipBytes(length);
        return vector;
    }

    private static void putOptionalVector(ByteBuf to, @Nullable VersionVector vector) {
        to.writeBoolean(vector != null);
        if (vector != null) {
            putVector(to, vector);
        }
    }

    private static @Nullable VersionVector getOptionalVector(ByteBuf from) {
        return from.readBoolean() ? getVector(from) : null;
    }

    private static void putContent(ByteBuf to, Content content) {
        to.writeLong(content.requestId().high()).writeLong(content.requestId().low());
        to.writeLong(content.digest().high()).writeLong(content.digest().low());
        putText(to, content.contentType());
        putBytes(to, content.value());
    }

    private static Content getContent(ByteBuf from) {
        var requestId = new RequestId(from.readLong(), from.readLong());
        var digest = new RequestDigest(from.readLong(), from.readLong());
        return new Content(requestId, digest, getText(from), getBytes(from));
    }
}
