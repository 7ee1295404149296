package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Rule T2: no message is taken for fresher than it is, whatever the two clocks show. */
class SendAgeTest {
    /** What the sender's clock shows when this end's shows 0. */
    private static final long APART = 1_000_000;

    private static final long HOUR = 3_600_000;
    /** What the clocks are given for a minute of silence, and the handshake. */
    private static final long DRIFT = 15;

    private final SendAge age = new SendAge(0);

    private long sentAndRead(long sentMillis, long readMillis) {
        age.says(APART + sentMillis, readMillis);
        return age.millis(readMillis);
    }

    private static void assertAbout(long expected, long actual) {
        assertTrue(Math.abs(actual - expected) <= DRIFT, () -> actual + " instead of " + expected);
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
        assertAbout(7000, sentAndRead(HOUR, HOUR + 7001));
    }

    /** One write: its beginning came at once, its rest when the link moved again. */
    @Test
    void theRestOfAWriteAgesWhileItIsStuck() {
        sentAndRead(1, 2);
        assertAbout(0, sentAndRead(1000, 1001));
        assertAbout(40_000, age.millis(41_001));
    }

    /** It is no drift of the clocks: three seconds in each minute are 250 times as much as those are given. */
    @Test
    void aQueueThatGrowsIsSeen() {
        sentAndRead(1, 2);
        long seen = 0;
        for (long now = 1000; now < HOUR / 4; now += 1000) {
            seen = sentAndRead(now, now + now / 20);
        }
        assertTrue(seen > HOUR / 4 / 20 - 500, "seen: " + seen);
    }

    @Test
    void alsoAfterSilence() {
        sentAndRead(1, 2);
        sentAndRead(2, 3);
        assertAbout(7000, sentAndRead(10 * HOUR, 10 * HOUR + 7001));
    }

    /** A clock that runs one part in ten thousand faster is 8.6 s ahead after a day. */
    @Test
    void clocksNeedNotRunEquallyFast() {
        for (long now = 0; now < 48 * HOUR; now += 1000) {
            assertTrue(sentAndRead(now - now / 10_000, now + 1) < 100, "after " + now + " ms");
        }
    }
}
