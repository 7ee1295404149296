package io.dynamokv.node.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StoredRecordCodecTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final String RECORD =
            "01" + "01" + "1122334455667788" + "01" + "00" + "01" // vector, deletedAt, count
                    + "01" + "1122334455667788" + "01" + "0000000000000005" // the dot
                    + "00000000000000010000000000000002" + "00000000000000030000000000000004" + "00"
                    + "0a" + "746578742f706c61696e" + "05" + "617070" + "6c65";
    private static final String MARKED = "01" + "01" + "1122334455667788" + "ac02" + "0102030405060708" + RECORD;
    private static final StoredRecord APPLE =
            new StoredRecord(Samples.record("apple".getBytes(StandardCharsets.UTF_8)), null);

    /** Rule D1: these bytes lie on disks. A change of them is a new format, and this one stays readable. */
    @Test
    void writesAndReadsTheBytesOfFormatOne() {
        var marked = new StoredRecord(APPLE.record(), Samples.mark(300));

        assertEquals("0100" + RECORD, HEX.formatHex(StoredRecordCodec.encode(APPLE)));
        assertEquals(MARKED, HEX.formatHex(StoredRecordCodec.encode(marked)));
        assertEquals(APPLE, StoredRecordCodec.decode(HEX.parseHex("0100" + RECORD)));
        assertEquals(marked, StoredRecordCodec.decode(HEX.parseHex(MARKED)));
    }

    /** Rule H1: for whom a row is kept stands in the row itself. */
    @Test
    void keepsTheSlotsThatARowIsKeptFor() {
        HintedSlots slots = HintedSlots.of(0).with(HintedSlots.of(15));
        var kept = new StoredRecord(APPLE.record(), null, slots);
        var marked = new StoredRecord(APPLE.record(), Samples.mark(300), slots);

        assertEquals("0102" + "8001" + RECORD, HEX.formatHex(StoredRecordCodec.encode(kept)));
        assertEquals(kept, StoredRecordCodec.decode(StoredRecordCodec.encode(kept)));
        assertEquals(marked, StoredRecordCodec.decode(StoredRecordCodec.encode(marked)));
    }

    @Test
    void keepsATombstoneWithItsTimeAndMark() {
        var stored = new StoredRecord(Samples.tombstone(), Samples.mark(1));

        StoredRecord decoded = StoredRecordCodec.decode(StoredRecordCodec.encode(stored));

        assertEquals(stored, decoded);
        assertEquals(1_700_000_000_000L, decoded.record().deletedAtMillis());
    }

    @Test
    void refusesUnknownFormatsAndFlags() {
        assertMalformed("0200" + RECORD, "a row's format must be 1, was 2");
        assertMalformed("0104" + RECORD, "unknown flags 4 of a row");
        assertMalformed(
                "0101" + "1122334455667788" + "00" + "0102030405060708" + RECORD,
                "a writer mark's boot number is at least 1, was 0");
        assertMalformed("", "a row is cut off at byte 0");
    }

    @Test
    void refusesARowThatIsCutOffAnywhereOrGoesOnBehindItsEnd() {
        byte[] bytes = HEX.parseHex(MARKED);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedException.class, () -> StoredRecordCodec.decode(cut), "length " + length);
        }
        assertThrows(MalformedException.class, () -> StoredRecordCodec.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void damagedBytesAreMalformedOrAnotherRecordAndNeverAnotherFailure() {
        var random = new SplittableRandom(7);
        byte[] sound = HEX.parseHex(MARKED);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = sound.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                StoredRecord decoded = StoredRecordCodec.decode(bytes);
                assertEquals(decoded, StoredRecordCodec.decode(StoredRecordCodec.encode(decoded)));
            } catch (MalformedException _) {
                // most damage is noticed
            }
        }
    }

    private static void assertMalformed(String hex, String message) {
        var refusal = assertThrows(MalformedException.class, () -> StoredRecordCodec.decode(HEX.parseHex(hex)));
        assertEquals(message, refusal.getMessage());
    }
}
