package io.dynamokv.node.wire;

import io.dynamokv.core.antientropy.ExchangeReply;
import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.antientropy.KeyHash;
import io.dynamokv.core.antientropy.KeyRecord;
import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.MalformedException;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The questions and answers of exchanges: a byte says which, then its parts. Lists begin with their length. */
final class ExchangeCodec {
    private static final byte COMPARE = 1;
    private static final byte LIST_KEYS = 2;
    private static final byte FETCH_KEYS = 3;
    private static final byte FETCH_LEAVES = 4;
    private static final byte JOIN = 5;
    private static final byte SAME = 11;
    private static final byte DIFFERS = 12;
    private static final byte LISTED = 13;
    private static final byte FETCHED = 14;
    private static final byte JOINED = 15;
    private static final byte DECLINED = 16;

    private ExchangeCodec() {}

    static void encode(ExchangeRequest request, ByteBuf to) {
        switch (request) {
            case ExchangeRequest.Compare(long root) -> to.writeByte(COMPARE).writeLong(root);
            case ExchangeRequest.ListKeys(List<Integer> leaves, Key after) -> {
                to.writeByte(LIST_KEYS).writeInt(leaves.size());
                leaves.forEach(to::writeShort);
                putOptionalKey(to, after);
            }
            case ExchangeRequest.FetchKeys(List<Key> keys) -> {
                to.writeByte(FETCH_KEYS).writeInt(keys.size());
                keys.forEach(key -> MessageCodec.putKey(to, key));
            }
            case ExchangeRequest.FetchLeaves(int first, Key after, int last) -> {
                to.writeByte(FETCH_LEAVES).writeShort(first).writeShort(last);
                putOptionalKey(to, after);
            }
            case ExchangeRequest.Join(List<KeyRecord> records) -> {
                to.writeByte(JOIN);
                putRecords(to, records);
            }
        }
    }

    static void encode(ExchangeReply reply, ByteBuf to) {
        switch (reply) {
            case ExchangeReply.Same() -> to.writeByte(SAME);
            case ExchangeReply.Differs(LeafTable leaves) -> {
                to.writeByte(DIFFERS);
                for (int leaf = 0; leaf < Leaf.COUNT; leaf++) {
                    to.writeLong(leaves.leaf(leaf));
                }
            }
            case ExchangeReply.Listed(List<KeyHash> keys, boolean isLast) -> {
                to.writeByte(LISTED).writeBoolean(isLast).writeInt(keys.size());
                keys.forEach(each -> {
                    MessageCodec.putKey(to, each.key());
                    to.writeLong(each.hash());
                });
            }
            case ExchangeReply.Fetched(List<KeyRecord> records, boolean isLast) -> {
                to.writeByte(FETCHED).writeBoolean(isLast);
                putRecords(to, records);
            }
            case ExchangeReply.Joined(List<Long> hashes) -> {
                to.writeByte(JOINED).writeInt(hashes.size());
                hashes.forEach(to::writeLong);
            }
            case ExchangeReply.Declined(String why) -> {
                to.writeByte(DECLINED);
                MessageCodec.putText(to, why);
            }
        }
    }

    static ExchangeRequest decodeRequest(ByteBuf from) {
        byte type = from.readByte();
        return switch (type) {
            case COMPARE -> new ExchangeRequest.Compare(from.readLong());
            case LIST_KEYS ->
                new ExchangeRequest.ListKeys(getList(from, ByteBuf::readUnsignedShort), getOptionalKey(from));
            case FETCH_KEYS -> new ExchangeRequest.FetchKeys(getList(from, MessageCodec::getKey));
            case FETCH_LEAVES -> {
                int first = from.readUnsignedShort();
                int last = from.readUnsignedShort();
                yield new ExchangeRequest.FetchLeaves(first, getOptionalKey(from), last);
            }
            case JOIN -> new ExchangeRequest.Join(getList(from, ExchangeCodec::getRecord));
            default -> throw new MalformedException("unknown question of an exchange " + type);
        };
    }

    static ExchangeReply decodeReply(ByteBuf from) {
        byte type = from.readByte();
        return switch (type) {
            case SAME -> new ExchangeReply.Same();
            case DIFFERS -> new ExchangeReply.Differs(getLeaves(from));
            case LISTED -> {
                boolean isLast = from.readBoolean();
                yield new ExchangeReply.Listed(
                        getList(from, each -> new KeyHash(MessageCodec.getKey(each), each.readLong())), isLast);
            }
            case FETCHED -> {
                boolean isLast = from.readBoolean();
                yield new ExchangeReply.Fetched(getList(from, ExchangeCodec::getRecord), isLast);
            }
            case JOINED -> new ExchangeReply.Joined(getList(from, ByteBuf::readLong));
            case DECLINED -> new ExchangeReply.Declined(MessageCodec.getText(from));
            default -> throw new MalformedException("unknown answer of an exchange " + type);
        };
    }

    private static LeafTable getLeaves(ByteBuf from) {
        var leaves = new LeafTable();
        for (int leaf = 0; leaf < Leaf.COUNT; leaf++) {
            leaves.set(leaf, from.readLong());
        }
        return leaves;
    }

    private static void putRecords(ByteBuf to, List<KeyRecord> records) {
        to.writeInt(records.size());
        for (KeyRecord each : records) {
            MessageCodec.putKey(to, each.key());
            MessageCodec.putRecord(to, each.record());
        }
    }

    private static KeyRecord getRecord(ByteBuf from) {
        return new KeyRecord(MessageCodec.getKey(from), MessageCodec.getRecord(from));
    }

    /** Each element has a byte at least, so a length that lies allocates nothing. */
    private static <T> List<T> getList(ByteBuf from, Function<ByteBuf, T> element) {
        int count = MessageCodec.getLength(from);
        var list = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.apply(from));
        }
        return list;
    }

    private static void putOptionalKey(ByteBuf to, @Nullable Key key) {
        to.writeBoolean(key != null);
        if (key != null) {
            MessageCodec.putKey(to, key);
        }
    }

    private static @Nullable Key getOptionalKey(ByteBuf from) {
        return from.readBoolean() ? MessageCodec.getKey(from) : null;
    }
}
