package io.dynamokv.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueFormatTest {
    private static final int RUN = 0xdeadbeef;

    private final ValueFormat format = new ValueFormat(RUN, 200);

    @ParameterizedTest
    @CsvSource({"0,1", "99999,1", "7,2147483647", "2147483647,300"})
    void readsWhatItWrote(int key, int sequence) {
        byte[] value = format.write(key, sequence);
        assertEquals(200, value.length);
        var stamp = new ValueFormat.Stamp(RUN, key, sequence);
        assertEquals(Optional.of(stamp), format.read(value));
        assertTrue(format.isOurs(stamp));
    }

    @Test
    void beginsReadably() {
        assertEquals(
                "deadbeef 0001e240 00000011 ", new String(format.write(123_456, 17), 0, 27, StandardCharsets.US_ASCII));
    }

    @Test
    void knowsTheValuesOfOtherRunsWhateverTheirLength() {
        for (int bytes : new int[] {64, 150, 200, 1_000}) {
            var stamp = new ValueFormat.Stamp(5, 3, 9);
            assertEquals(Optional.of(stamp), format.read(new ValueFormat(5, bytes).write(3, 9)));
            assertFalse(format.isOurs(stamp));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 9, 17, 18, 26, 27, 100, 199})
    void refusesAValueWithAWrongByte(int at) {
        byte[] value = format.write(5, 6);
        value[at] = '~';
        assertEquals(Optional.empty(), format.read(value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 26, 63, 199})
    void refusesAValueThatIsCutOff(int bytes) {
        assertEquals(Optional.empty(), format.read(Arrays.copyOf(format.write(5, 6), bytes)));
    }

    @Test
    void refusesTheFillerOfAnotherWrite() {
        byte[] value = format.write(5, 6);
        System.arraycopy(format.write(5, 7), 27, value, 27, value.length - 27);
        assertEquals(Optional.empty(), format.read(value));
    }

    @Test
    void needsRoomForItsHeader() {
        assertThrows(IllegalArgumentException.class, () -> new ValueFormat(RUN, 63));
    }
}
