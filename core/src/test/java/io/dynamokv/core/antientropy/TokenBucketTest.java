package io.dynamokv.core.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = 1_000_000_000;
    private static final long MILLI = 1_000_000;
    /** Clocks that count nanoseconds may begin anywhere, also right before they wrap. */
    private static final long BEGIN = Math.subtractExact(Long.MAX_VALUE, SECOND / 2);

    private final TokenBucket bucket = new TokenBucket(100 * MILLI, BEGIN);

    @Test
    void aFullBucketGivesItsBurstAtOnce() {
        bucket.take(100_000, 1_000_000, BEGIN);

        assertEquals(0, bucket.waitNanos(BEGIN));
    }

    @Test
    void whatIsOverdrawnIsMadeGoodByWaiting() {
        bucket.take(600_000, 1_000_000, BEGIN);

        assertEquals(500 * MILLI, bucket.waitNanos(BEGIN));
        assertEquals(200 * MILLI, bucket.waitNanos(BEGIN + 300 * MILLI));
        assertEquals(0, bucket.waitNanos(BEGIN + 500 * MILLI));
    }

    @Test
    void aLongRestGivesNoMoreThanTheBurst() {
        long later = BEGIN + 1000 * SECOND;
        bucket.take(200_000, 1_000_000, later);

        assertEquals(100 * MILLI, bucket.waitNanos(later));
    }

    /** Whatever was taken, and however often: exchanges are never stopped. */
    @Test
    void nobodyWaitsLongerThanASecond() {
        for (int i = 0; i < 1000; i++) {
            bucket.take(Long.MAX_VALUE, 1, BEGIN);
        }

        assertEquals(SECOND, bucket.waitNanos(BEGIN));
        assertEquals(0, bucket.waitNanos(BEGIN + SECOND));
    }

    @Test
    void aLowerLimitHoldsForWhatIsTakenFromThenOn() {
        bucket.take(200_000, 1_000_000, BEGIN);
        bucket.take(50_000, 125_000, BEGIN);

        assertEquals(500 * MILLI, bucket.waitNanos(BEGIN));
    }

    /** Against the rule itself: in no time more than what it gives, the burst and the step that overdrew it. */
    @Test
    void noMoreIsMovedThanTheLimitSaysAndNotMuchLess() {
        SeededProperty.forSeeds(200, TokenBucketTest::movesAsFastAsTheLimit);
    }

    private static void movesAsFastAsTheLimit(RandomGenerator random) {
        long bytesPerSecond = random.nextLong(1 << 20, 1 << 28);
        long stepBytesMax = random.nextLong(1, bytesPerSecond / 2);
        var paced = new TokenBucket(10 * MILLI, BEGIN);
        long now = BEGIN;
        long moved = 0;
        while (now - BEGIN < 20 * SECOND) {
            long step = random.nextLong(1, stepBytesMax + 1);
            paced.take(step, bytesPerSecond, now);
            moved += step;
            now += paced.waitNanos(now);
        }
        double given = (double) (now - BEGIN) / SECOND * bytesPerSecond;
        double burst = 0.01 * bytesPerSecond;
        assertTrue(moved <= given + burst + 1000, moved + " bytes were moved where " + given + " were given");
        assertTrue(moved >= given - stepBytesMax - 1000, moved + " bytes were moved where " + given + " were given");
    }

    @Test
    void refusesWhatIsNoLimit() {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> bucket.take(-1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> bucket.take(1, 0, 0));
    }
}
