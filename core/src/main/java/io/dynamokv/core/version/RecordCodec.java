package io.dynamokv.core.version;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of a record and of a vector, in the store and on the wire. The form is canonical: records that are equal and were
 * deleted at the same time have equal bytes, and other bytes are refused.
 *
 * <pre>
 * record  = format(1) vector deletedAtMillis:varint count:varint sibling*
 * | format(2) ...the same, then... count:varint superseded*     if there are any
 * vector  = count:varint (writer:8 counter:varint)*
 * sibling = count:varint (writer:8 counter:varint time:8)* requestId:16 digest:16 flags:1 type:bytes value:bytes
 * bytes   = length:varint byte*
 * superseded = requestId:16 digest:8 atMillis:varint
 * </pre>
 *
 * A flag that is not known is refused; flag 1 is reserved for an expiry.
 */
public final class RecordCodec {
    private static final byte FORMAT = 1;
    private static final byte FORMAT_WITH_SUPERSEDED = 2;
    private static final int SUPERSEDED_BYTES_MIN = 16 + 8 + 1;
    private static final int VECTOR_ENTRY_BYTES_MIN = 8 + 1;
    private static final int DOT_BYTES_MIN = 8 + 1 + 8;
    private static final int SIBLING_BYTES_MIN = 1 + DOT_BYTES_MIN + 16 + 16 + 1 + 1 + 1;

    private RecordCodec() {}

    public static byte[] encode(VersionedRecord record) {
        ByteBuffer to = ByteBuffer.allocate(size(record));
        encode(record, to);
        return to.array();
    }

    public static int size(VersionedRecord record) {
        int size = 1
                + size(record.vector())
                + Varint.size(record.deletedAtMillis())
                + Varint.size(record.siblings().size());
        for (Sibling sibling : record.siblings()) {
            size += size(sibling);
        }
        return record.superseded().isEmpty() ? size : size + sizeOfSuperseded(record);
    }

    private static int sizeOfSuperseded(VersionedRecord record) {
        int size = Varint.size(record.superseded().size());
        for (SupersededId known : record.superseded()) {
            size += 24 + Varint.size(known.atMillis());
        }
        return size;
    }

    public static void encode(VersionedRecord record, ByteBuffer to) {
        boolean anySuperseded = !record.superseded().isEmpty();
        to.put(anySuperseded ? FORMAT_WITH_SUPERSEDED : FORMAT);
        encode(record.vector(), to);
        Varint.put(to, record.deletedAtMillis());
        Varint.put(to, record.siblings().size());
        for (Sibling sibling : record.siblings()) {
            encode(sibling, to);
        }
        if (anySuperseded) {
            Varint.put(to, record.superseded().size());
            for (SupersededId known : record.superseded()) {
                to.putLong(known.id().high()).putLong(known.id().low()).putLong(known.digest());
                Varint.put(to, known.atMillis());
            }
        }
    }

    /** @throws MalformedException if the bytes are no record, or if any are left behind it */
    public static VersionedRecord decode(ByteBuffer from) {
        try {
            byte format = from.get();
            if (format != FORMAT && format != FORMAT_WITH_SUPERSEDED) {
                throw new MalformedException(
                        "a record's format must be " + FORMAT + " or " + FORMAT_WITH_SUPERSEDED + ", was " + format);
            }
            VersionVector vector = decodeVector(from);
            long deletedAtMillis = Varint.get(from);
            int count = Varint.getCount(from, "siblings", from.remaining() / SIBLING_BYTES_MIN);
            var siblings = new ArrayList<Sibling>(count);
            for (int i = 0; i < count; i++) {
                siblings.add(decodeSibling(from));
            }
            List<SupersededId> superseded = format == FORMAT_WITH_SUPERSEDED ? decodeSuperseded(from) : List.of();
            if (from.hasRemaining()) {
                throw new MalformedException(from.remaining() + " bytes behind a record");
            }
            return VersionedRecord.of(vector, siblings, deletedAtMillis, superseded);
        } catch (BufferUnderflowException e) {
            throw new MalformedException("a record is cut off", e);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a record: " + e.getMessage(), e);
        }
    }

    /**
     * What equality of records is about and nothing else, in words of 8 bytes: the vector, and each sibling's dots with their times, id and digest.
     * Records have one such form exactly if they are equal. It is hashed, never stored nor sent.
     */
    public static byte[] causalForm(VersionedRecord record) {
        VersionVector vector = record.vector();
        int words = 1 + 2 * vector.size();
        for (Sibling sibling : record.siblings()) {
            words += 5 + 3 * sibling.dots().size();
        }
        ByteBuffer form = ByteBuffer.allocate(Long.BYTES * words).putLong(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            form.putLong(vector.writerBitsAt(i)).putLong(vector.counterAt(i));
        }
        for (Sibling sibling : record.siblings()) {
            form.putLong(sibling.dots().size());
            for (TimedDot dot : sibling.dots()) {
                form.putLong(dot.dot().writer().bits()).putLong(dot.dot().counter());
                form.putLong(dot.time().bits());
            }
            Content content = sibling.content();
            form.putLong(content.requestId().high()).putLong(content.requestId().low());
            form.putLong(content.digest().high()).putLong(content.digest().low());
        }
        return form.array();
    }

    public static int size(VersionVector vector) {
        int size = Varint.size(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            size += 8 + Varint.size(vector.counterAt(i));
        }
        return size;
    }

    public static void encode(VersionVector vector, ByteBuffer to) {
        Varint.put(to, vector.size());
        for (int i = 0; i < vector.size(); i++) {
            to.putLong(vector.writerBitsAt(i));
            Varint.put(to, vector.counterAt(i));
        }
    }

    /** @throws MalformedException if the bytes are no vector; a cut-off one throws BufferUnderflowException */
    public static VersionVector decodeVector(ByteBuffer from) {
        int count = Varint.getCount(from, "writers", from.remaining() / VECTOR_ENTRY_BYTES_MIN);
        long[] writers = new long[count];
        long[] counters = new long[count];
        for (int i = 0; i < count; i++) {
            writers[i] = from.getLong();
            counters[i] = Varint.get(from);
        }
        try {
            return VersionVector.ofSorted(writers, counters);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("not a vector: " + e.getMessage(), e);
        }
    }

    private static List<SupersededId> decodeSuperseded(ByteBuffer from) {
        int count = Varint.getCount(from, "superseded ids", from.remaining() / SUPERSEDED_BYTES_MIN);
        if (count == 0) {
            throw new MalformedException("a record without superseded ids has format " + FORMAT);
        }
        var superseded = new ArrayList<SupersededId>(count);
        for (int i = 0; i < count; i++) {
            var id = new RequestId(from.getLong(), from.getLong());
            superseded.add(new SupersededId(id, from.getLong(), Varint.get(from)));
        }
        return superseded;
    }

    private static int size(Sibling sibling) {
        int size = Varint.size(sibling.dots().size());
        for (TimedDot dot : sibling.dots()) {
            size += 16 + Varint.size(dot.dot().counter());
        }
        int typeBytes = utf8(sibling).length;
        int valueBytes = sibling.content().value().length;
        return size + 33 + Varint.size(typeBytes) + typeBytes + Varint.size(valueBytes) + valueBytes;
    }

    private static byte[] utf8(Sibling sibling) {
        return sibling.content().contentType().getBytes(StandardCharsets.UTF_8);
    }

    private static void encode(Sibling sibling, ByteBuffer to) {
        Varint.put(to, sibling.dots().size());
        for (TimedDot dot : sibling.dots()) {
            to.putLong(dot.dot().writer().bits());
            Varint.put(to, dot.dot().counter());
            to.putLong(dot.time().bits());
        }
        Content content = sibling.content();
        to.putLong(content.requestId().high()).putLong(content.requestId().low());
        to.putLong(content.digest().high()).putLong(content.digest().low());
        to.put((byte) 0);
        putBytes(to, utf8(sibling));
        putBytes(to, content.value());
    }

    private static Sibling decodeSibling(ByteBuffer from) {
        int count = Varint.getCount(from, "dots", from.remaining() / DOT_BYTES_MIN);
        List<TimedDot> dots = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            var dot = new Dot(new WriterId(from.getLong()), Varint.get(from));
            dots.add(new TimedDot(dot, new HybridTime(from.getLong())));
        }
        var requestId = new RequestId(from.getLong(), from.getLong());
        var digest = new RequestDigest(from.getLong(), from.getLong());
        byte flags = from.get();
        if (flags != 0) {
            throw new MalformedException("unknown flags " + flags + " of a sibling");
        }
        String contentType = text(getBytes(from, "content type"));
        return new Sibling(dots, new Content(requestId, digest, contentType, getBytes(from, "value")));
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("a content type is not UTF-8", e);
        }
    }

    private static void putBytes(ByteBuffer to, byte[] bytes) {
        Varint.put(to, bytes.length);
        to.put(bytes);
    }

    private static byte[] getBytes(ByteBuffer from, String what) {
        byte[] bytes = new byte[Varint.getCount(from, "bytes of a " + what, from.remaining())];
        from.get(bytes);
        return bytes;
    }
}
