package io.dynamokv.bench.workload;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static final int KEYS = 100;
    private static final int DRAWS = 20_000;

    /** How often each key comes; a key out of range fails. */
    private static int[] drawn(Distribution distribution) {
        KeyChooser chooser = distribution.over(KEYS);
        var counts = new int[KEYS];
        for (int i = 0; i < DRAWS; i++) {
            counts[chooser.next()]++;
        }
        return counts;
    }

    @Test
    void uniformDrawsAllKeysAboutEquallyOften() {
        int[] counts = drawn(Distribution.UNIFORM);
        assertTrue(Arrays.stream(counts).allMatch(count -> count > DRAWS / KEYS / 2 && count < DRAWS / KEYS * 2));
    }

    @Test
    void zipfianHasHotKeys() {
        assertTrue(Arrays.stream(drawn(Distribution.ZIPFIAN)).max().orElseThrow() > 3 * DRAWS / KEYS);
    }
}
