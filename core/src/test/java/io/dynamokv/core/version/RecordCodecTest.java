package io.dynamokv.core.version;

import static io.dynamokv.core.version.VersionFixtures.content;
import static io.dynamokv.core.version.VersionFixtures.dot;
import static io.dynamokv.core.version.VersionFixtures.record;
import static io.dynamokv.core.version.VersionFixtures.sibling;
import static io.dynamokv.core.version.VersionFixtures.tombstone;
import static io.dynamokv.core.version.VersionFixtures.vector;
import static io.dynamokv.core.version.VersionFixtures.writer;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.dynamokv.core.SeededProperty;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The bytes of records (rules D1 and D3). Peers, stores and later releases read them, so form 1 stands here in hexadecimal. */
class RecordCodecTest {
    private static final HexFormat HEX = HexFormat.of();

    private static final String GOLDEN = "01" // the format
            + "02" // two writers
            + "0000000000000061" + "03" // a:3
            + "ffffffffffffffff" + "ac02" // the highest writer is the last one, for the order is unsigned: 300
            + "9003" // deleted at 400
            + "02" // two siblings
            + "02" // the first one has two dots
            + "0000000000000061" + "02" + "0000000000640000" // a:2 at 100 ms
            + "ffffffffffffffff" + "ac02" + "0000000000c80001" // at 200 ms and one
            + "00112233445566778899aabbccddeeff" // request id
            + "0102030405060708090a0b0c0d0e0f10" // digest
            + "00" // no flags
            + "0a" + "746578742f706c61696e" // text/plain
            + "04" + "6d696c6b" // milk
            + "01" // the second one has one dot
            + "0000000000000061" + "03" + "0000000000650000"
            + "00000000000000000000000000000001"
            + "00000000000000000000000000000002"
            + "00"
            + "02" + "c3bc" // a content type in UTF-8
            + "00"; // an empty value

    private static VersionedRecord goldenRecord() {
        var a2 = new TimedDot(dot("a", 2), HybridTime.ofMillis(100));
        var a3 = new TimedDot(dot("a", 3), HybridTime.ofMillis(101));
        var z300 = new TimedDot(
                new Dot(new WriterId(-1), 300), HybridTime.ofMillis(200).next(0));
        var milk = new Content(
                RequestId.of("00112233-4455-6677-8899-aabbccddeeff"),
                new RequestDigest(0x0102_0304_0506_0708L, 0x090A_0B0C_0D0E_0F10L),
                "text/plain",
                "milk".getBytes(StandardCharsets.UTF_8));
        var empty = new Content(new RequestId(0, 1), new RequestDigest(0, 2), "ü", new byte[0]);
        return VersionedRecord.of(
                vector(a3.dot(), z300.dot()),
                List.of(new Sibling(List.of(a2, z300), milk), new Sibling(List.of(a3), empty)),
                400,
                List.of());
    }

    @Test
    void writesAndReadsForm1AsItWasFirstReleased() {
        assertEquals(GOLDEN, HEX.formatHex(RecordCodec.encode(goldenRecord())));

        VersionedRecord read = decode(HEX.parseHex(GOLDEN));

        assertEquals(goldenRecord(), read);
        assertEquals(400, read.deletedAtMillis());
        assertEquals("ü", read.siblings().getLast().content().contentType());
        assertArrayEquals(
                "milk".getBytes(StandardCharsets.UTF_8),
                read.siblings().getFirst().content().value());
    }

    @Test
    void writesTheSmallestRecordsAsTheyWereFirstReleased() {
        assertEquals("01000000", HEX.formatHex(RecordCodec.encode(VersionedRecord.EMPTY)));
        assertEquals("010100000000000000" + "61010000", HEX.formatHex(RecordCodec.encode(tombstone(dot("a", 1)))));
    }

    @Test
    void whatIsReadIsWhatWasWritten() {
        SeededProperty.forSeeds(500, random -> {
            VersionedRecord record = randomRecord(random);
            byte[] bytes = RecordCodec.encode(record);

            assertEquals(RecordCodec.size(record), bytes.length);
            VersionedRecord read = decode(bytes);
            assertEquals(record, read);
            assertEquals(record.deletedAtMillis(), read.deletedAtMillis());
            assertArrayEquals(bytes, RecordCodec.encode(read));
            for (int i = 0; i < record.siblings().size(); i++) {
                Content written = record.siblings().get(i).content();
                Content content = read.siblings().get(i).content();
                assertEquals(written.contentType(), content.contentType());
                assertArrayEquals(written.value(), content.value());
            }
        });
    }

    @Test
    void readsOnlyItsOwnPartOfABufferAndNeedsNoArrayBehindIt() {
        byte[] bytes = RecordCodec.encode(goldenRecord());
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 4);
        direct.position(3).put(bytes).flip().position(3);

        assertEquals(goldenRecord(), RecordCodec.decode(direct));
    }

    @Test
    void everyPrefixIsMalformed() {
        byte[] bytes = RecordCodec.encode(goldenRecord());
        for (int length = 0; length < bytes.length; length++) {
            byte[] prefix = Arrays.copyOf(bytes, length);
            assertThrows(MalformedException.class, () -> decode(prefix), () -> prefix.length + " bytes");
        }
    }

    @Test
    void bytesBehindARecordAreMalformed() {
        byte[] bytes = RecordCodec.encode(goldenRecord());

        assertThrows(MalformedException.class, () -> decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    /** Nor is an expiry passed over, by a release that knows of none: it would keep for ever what others let go, and give it back to them. */
    @Test
    void anotherFormatOrAnUnknownFlagIsMalformed() {
        byte[] format2 = HEX.parseHex(GOLDEN);
        format2[0] = 2;
        byte[] expiring = HEX.parseHex(GOLDEN.replace("0f1000", "0f1001"));

        assertThrows(MalformedException.class, () -> decode(format2));
        assertThrows(MalformedException.class, () -> decode(expiring));
    }

    /** Regression (seed 58 of the damaged records): a content type that was not UTF-8 was read, and written as other bytes. */
    @Test
    void aContentTypeThatIsNotUtf8IsMalformed() {
        assertThrows(MalformedException.class, () -> decode(HEX.parseHex(GOLDEN.replace("02c3bc", "02c328"))));
    }

    /** Regression: a number with a zero byte at its end, or with more than 64 bits, was read as a shorter one. */
    @Test
    void aNumberInALongerFormIsMalformed() {
        for (String hex : List.of("8000", "8100", "ff8000", "ffffffffffffffffff03", "80808080808080808002")) {
            ByteBuffer bytes = ByteBuffer.wrap(HEX.parseHex(hex));
            assertThrows(MalformedException.class, () -> Varint.get(bytes), hex);
        }
    }

    /** A damaged or hostile record is refused or is a record with exactly these bytes; nothing else is ever thrown. */
    @Test
    void aDamagedRecordIsMalformedOrStillCanonical() {
        SeededProperty.forSeeds(20_000, random -> {
            byte[] bytes = RecordCodec.encode(randomRecord(random));
            damage(bytes, random);
            try {
                assertArrayEquals(bytes, RecordCodec.encode(decode(bytes)), () -> HEX.formatHex(bytes));
            } catch (MalformedException e) {
                assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
            }
        });
    }

    @Test
    void noiseIsMalformedOrStillCanonical() {
        SeededProperty.forSeeds(20_000, random -> {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length > 2) {
                bytes[0] = 1;
                bytes[1] = (byte) random.nextInt(3);
            }
            try {
                assertArrayEquals(bytes, RecordCodec.encode(decode(bytes)), () -> HEX.formatHex(bytes));
            } catch (MalformedException e) {
                assertTrue(e.getMessage() != null && !e.getMessage().isBlank());
            }
        });
    }

    /** A length of two thousand millions in a message of a few bytes must not become an array. */
    @Test
    void aGreatCountInFewBytesAllocatesLittle() {
        String noVectorNorDelete = "010000";
        String anyCount = "ffffffff07";
        List<String> hostile = List.of(
                "01" + anyCount,
                noVectorNorDelete + anyCount,
                noVectorNorDelete + "01" + anyCount,
                GOLDEN.replace("0a746578742f", anyCount + "746578742f"),
                GOLDEN.replace("046d696c6b", anyCount + "6d696c6b"),
                "01" + "ffffffffffffffff7f");
        for (String hex : hostile) {
            byte[] bytes = HEX.parseHex(hex);
            assertThrows(MalformedException.class, () -> decode(bytes), hex);
            assertTrue(allocatedBytesOfDecoding(bytes) < 100_000, hex);
        }
    }

    /** A long message whose counts fit its length, but not what a sibling or dot needs at least. */
    @Test
    void whatIsAllocatedIsInProportionToTheMessage() {
        int length = 4 << 20;
        ByteBuffer counts = ByteBuffer.allocate(length);
        counts.put((byte) 1).put((byte) 0).put((byte) 0);
        Varint.put(counts, length - 16);

        assertThrows(MalformedException.class, () -> decode(counts.array()));
        assertTrue(allocatedBytesOfDecoding(counts.array()) < length);
    }

    private static long allocatedBytesOfDecoding(byte[] bytes) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThrows(MalformedException.class, () -> decode(bytes));
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static VersionedRecord decode(byte[] bytes) {
        return RecordCodec.decode(ByteBuffer.wrap(bytes));
    }

    private static void damage(byte[] bytes, RandomGenerator random) {
        int changes = random.nextInt(1, 4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean() ? (byte) (bytes[at] ^ 1 << random.nextInt(8)) : (byte) random.nextInt(256);
        }
    }

    private static VersionedRecord randomRecord(RandomGenerator random) {
        int siblings = random.nextInt(4);
        var dots = new ArrayList<Dot>();
        var list = new ArrayList<Sibling>();
        for (int i = 0; i < siblings; i++) {
            Dot[] ofOne = new Dot[random.nextInt(1, 3)];
            for (int j = 0; j < ofOne.length; j++) {
                ofOne[j] = new Dot(new WriterId(random.nextLong()), 1L << random.nextInt(63));
                dots.add(ofOne[j]);
            }
            list.add(sibling("value " + i, ofOne));
        }
        if (random.nextBoolean()) {
            dots.add(dot("covered", random.nextLong(1, 1_000)));
        }
        list.sort(null);
        return VersionedRecord.of(
                vector(dots.toArray(Dot[]::new)), list, random.nextLong(1L << random.nextInt(1, 62)), List.of());
    }

    /** Form 2 is form 1 with the superseded ids behind it, and only where there are any. */
    @Test
    void supersededIdsComeBack() {
        VersionedRecord record = VersionFixtures.record(vector(dot("a", 1)), sibling("milk", dot("a", 1)))
                .update(vector(dot("a", 1)), VersionFixtures.timed("a", 2), content("eggs"));

        byte[] bytes = RecordCodec.encode(record);
        VersionedRecord read = RecordCodec.decode(ByteBuffer.wrap(bytes));

        assertEquals(2, bytes[0]);
        assertEquals(RecordCodec.size(record), bytes.length);
        assertEquals(record.superseded(), read.superseded());
        assertTrue(read.isSuperseded(content("milk")));
        assertArrayEquals(bytes, RecordCodec.encode(read));
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThrows(MalformedException.class, () -> RecordCodec.decode(cut));
        }
    }

    @Test
    void numbersOfAllLengthsComeBack() {
        for (int bits = 0; bits < 64; bits++) {
            for (long value : new long[] {1L << bits, (1L << bits) - 1, -1L >>> bits}) {
                ByteBuffer buffer = ByteBuffer.allocate(Varint.size(value));
                Varint.put(buffer, value);
                assertTrue(!buffer.hasRemaining());
                assertEquals(value, Varint.get(buffer.flip()));
            }
        }
    }

    @Test
    void aCountIsRefusedAboveItsLimit() {
        assertEquals(5, Varint.getCount(ByteBuffer.wrap(new byte[] {5}), "siblings", 5));
        MalformedException e = assertThrows(
                MalformedException.class, () -> Varint.getCount(ByteBuffer.wrap(new byte[] {6}), "siblings", 5));
        assertEquals("siblings must be 0..5, was 6", e.getMessage());
    }

    @Test
    void equalRecordsHaveEqualBytesHoweverTheyCameAbout() {
        VersionedRecord milk = record(vector(dot("w", 1)), sibling("milk", dot("w", 1)));
        VersionedRecord eggs =
                VersionedRecord.EMPTY.update(vector(), VersionFixtures.timed(new Dot(writer("a"), 1)), content("eggs"));

        assertArrayEquals(RecordCodec.encode(milk.join(eggs)), RecordCodec.encode(eggs.join(milk)));
    }
}
