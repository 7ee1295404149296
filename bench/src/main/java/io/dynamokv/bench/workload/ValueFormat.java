package io.dynamokv.bench.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;

/**
 * The values that the generator writes: run, key and sequence number in fixed-width hex, then a filler that depends on key and
 * number. So each read can be checked to be a whole value of its key.
 */
public final class ValueFormat {
    /** {@code rrrrrrrr kkkkkkkk ssssssss } with its three blanks. */
    private static final int HEADER_BYTES = 27;

    public static final int BYTES_MIN = 64;

    private static final int FILLERS = 256;
    private static final int FILLER_SEED = 42;
    private static final HexFormat HEX = HexFormat.of();

    /** Whose value it is: the generator's run, the key, and which of the run's writes of the key. */
    public record Stamp(int run, int key, int sequence) {}

    private final int run;
    private final int valueBytes;
    private final byte[] filler;

    public ValueFormat(int run, int valueBytes) {
        if (valueBytes < BYTES_MIN) {
            throw new IllegalArgumentException(valueBytes + " bytes, at least " + BYTES_MIN + " are needed");
        }
        this.run = run;
        this.valueBytes = valueBytes;
        filler = new byte[valueBytes + FILLERS];
        var random = new Random(FILLER_SEED);
        for (int i = 0; i < filler.length; i++) {
            filler[i] = (byte) random.nextInt('0', 'z');
        }
    }

    public byte[] write(int key, int sequence) {
        var value = new byte[valueBytes];
        putHex(value, 0, run);
        putHex(value, 9, key);
        putHex(value, 18, sequence);
        System.arraycopy(filler, fillerAt(key, sequence), value, HEADER_BYTES, valueBytes - HEADER_BYTES);
        return value;
    }

    /** The stamp of a whole value, or empty for anything else. Of other runs' values the length may differ. */
    public Optional<Stamp> read(byte[] value) {
        if (value.length < BYTES_MIN || value[8] != ' ' || value[17] != ' ' || value[26] != ' ') {
            return Optional.empty();
        }
        Stamp stamp;
        try {
            stamp = new Stamp(hexAt(value, 0), hexAt(value, 9), hexAt(value, 18));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean lengthFits = stamp.run() != run || value.length == valueBytes;
        return lengthFits && fillerFits(value, stamp) ? Optional.of(stamp) : Optional.empty();
    }

    /** Whether this run wrote it. */
    public boolean isOurs(Stamp stamp) {
        return stamp.run() == run;
    }

    private boolean fillerFits(byte[] value, Stamp stamp) {
        int known = Math.min(value.length, valueBytes) - HEADER_BYTES;
        int from = fillerAt(stamp.key(), stamp.sequence());
        return Arrays.equals(value, HEADER_BYTES, HEADER_BYTES + known, filler, from, from + known);
    }

    private static int fillerAt(int key, int sequence) {
        return Math.floorMod(key * 31 + sequence, FILLERS);
    }

    private static void putHex(byte[] value, int at, int number) {
        for (int i = 0; i < 8; i++) {
            value[at + i] = (byte) HEX.toLowHexDigit(number >>> (28 - 4 * i));
        }
        value[at + 8] = ' ';
    }

    private static int hexAt(byte[] value, int at) {
        return HexFormat.fromHexDigits(new String(value, at, 8, StandardCharsets.ISO_8859_1));
    }
}
