package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.store.WriterMark;
import io.dynamokv.core.version.MalformedException;
import io.dynamokv.core.version.RecordCodec;
import io.dynamokv.core.version.Varint;
import io.dynamokv.core.version.WriterId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The value of a row: the record, and before it the node's own writer mark (rule D2) and the slots that it stands in for (rule H1), which
 * never leave the node and are therefore no part of the record's bytes.
 *
 * <pre>
 * value = format(1) flags:1 [mark] [slots] record
 * mark  = writer:8 bootNumber:varint bootRandom:8     if flags has bit 0
 * slots = a bit for each:2                            if flags has bit 1
 * </pre>
 */
final class StoredRecordCodec {
    private static final byte FORMAT = 1;
    private static final int HAS_MARK = 1;
    private static final int HAS_SLOTS = 2;

    private StoredRecordCodec() {}

    static byte[] encode(StoredRecord stored) {
        WriterMark mark = stored.mark();
        HintedSlots slots = stored.slots();
        int size = 2
                + (mark == null ? 0 : size(mark))
                + (slots.isEmpty() ? 0 : Short.BYTES)
                + RecordCodec.size(stored.record());
        ByteBuffer to = ByteBuffer.allocate(size);
        to.put(FORMAT);
        to.put((byte) ((mark == null ? 0 : HAS_MARK) | (slots.isEmpty() ? 0 : HAS_SLOTS)));
        if (mark != null) {
            to.putLong(mark.writer().bits());
            Varint.put(to, mark.boot().number());
            to.putLong(mark.boot().random());
        }
        if (!slots.isEmpty()) {
            to.putShort((short) slots.bits());
        }
        RecordCodec.encode(stored.record(), to);
        return to.array();
    }

    private static int size(WriterMark mark) {
        return 16 + Varint.size(mark.boot().number());
    }

    /** @throws MalformedException if the bytes are no row's value, or if any are left behind it */
    static StoredRecord decode(byte[] bytes) {
        ByteBuffer from = ByteBuffer.wrap(bytes);
        try {
            byte format = from.get();
            if (format != FORMAT) {
                throw new MalformedException("a row's format must be " + FORMAT + ", was " + format);
            }
            byte flags = from.get();
            if ((flags & ~(HAS_MARK | HAS_SLOTS)) != 0) {
                throw new MalformedException("unknown flags " + flags + " of a row");
            }
            WriterMark mark = (flags & HAS_MARK) == 0 ? null : decodeMark(from);
            HintedSlots slots =
                    (flags & HAS_SLOTS) == 0 ? HintedSlots.NONE : new HintedSlots(Short.toUnsignedInt(from.getShort()));
            return new StoredRecord(RecordCodec.decode(from), mark, slots);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a row is cut off at byte " + bytes.length, e);
        }
    }

    private static WriterMark decodeMark(ByteBuffer from) {
        var writer = new WriterId(from.getLong());
        long number = Varint.get(from);
        if (number < 1) {
            throw new MalformedException("a writer mark's boot number is at least 1, was " + number);
        }
        return new WriterMark(writer, new BootId(number, from.getLong()));
    }
}
