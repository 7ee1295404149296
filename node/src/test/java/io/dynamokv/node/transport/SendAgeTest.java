package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rule T2: no message is taken for fresher than it is, whatever the two clocks show. */
class SendAgeTest {
    /** What the sender's clock shows when this end's shows 0. */
    private static final long APART = 1_000_000;

    private static final long HOUR = 3_600_000;

    private final SendAge age = new SendAge(0);

    private long sentAndRead(long sentMillis, long readMillis) {
        return age.millis(APART + sentMillis, readMillis);
    }

    @Test
    void theFirstMessageIsAsOldAsItCanBe() {
        assertEquals(9000, sentAndRead(10, 9000));
    }

    @Test
    void aSteadyLinkHasNoAgeWhateverItsLength() {
        sentAndRead(10, 510);
        for (long now = 1000; now < HOUR; now += 1000) {
            assertTrue(sentAndRead(now, now + 500) <= 510);
        }
    }

    @Test
    void whatWasStuckIsAsOldAsItIs() {
        sentAndRead(1, 2);
        for (long now = 1000; now < HOUR; now += 1000) {
            sentAndRead(now, now + 1);
        }
        assertEquals(7000, sentAndRead(HOUR, HOUR + 7001));
    }

    @Test
    void alsoAfterSilence() {
        sentAndRead(1, 2);
        sentAndRead(2, 3);
        assertTrue(sentAndRead(10 * HOUR, 10 * HOUR + 7001) >= 7000);
    }

    /** A clock that runs one part in ten thousand faster is 8.6 s ahead after a day. */
    @Test
    void clocksNeedNotRunEquallyFast() {
        for (long now = 0; now < 48 * HOUR; now += 1000) {
            assertTrue(sentAndRead(now - now / 10_000, now + 1) < 100, "after " + now + " ms");
        }
    }
}
