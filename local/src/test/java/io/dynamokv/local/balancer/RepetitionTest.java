package io.dynamokv.local.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The table of what is sent again and what is told then: rules W3 and W4. */
class RepetitionTest {
    private static final List<Repetition> WRITES = List.of(Repetition.ONCE, Repetition.NEVER);

    @Test
    void aReadGoesToEveryNode() {
        assertEquals(Repetition.AT_EVERY_NODE, of(HttpMethod.GET, null));
        assertEquals(Repetition.AT_EVERY_NODE, of(HttpMethod.HEAD, null));
        assertTrue(Repetition.AT_EVERY_NODE.allowsOneMore(0));
        assertTrue(Repetition.AT_EVERY_NODE.allowsOneMore(7));
    }

    /** Rule W4. */
    @Test
    void aPutIsSentOnceMoreForItsIdMakesOneVersionOfTheTwo() {
        assertEquals(Repetition.ONCE, of(HttpMethod.PUT, null));
        assertEquals(Repetition.ONCE, of(HttpMethod.PUT, "seen"));
        assertTrue(Repetition.ONCE.allowsOneMore(1));
        assertFalse(Repetition.ONCE.allowsOneMore(2));
    }

    /** Rule W4. */
    @Test
    void aDeleteIsSentOnceMoreOnlyIfItSaysWhatItHasSeen() {
        assertEquals(Repetition.ONCE, of(HttpMethod.DELETE, "seen"));
        assertEquals(Repetition.NEVER, of(HttpMethod.DELETE, null));
        assertEquals(Repetition.NEVER, of(HttpMethod.DELETE, " "));
    }

    @Test
    void whatNobodyKnowsIsNeverSentTwice() {
        for (HttpMethod method : List.of(HttpMethod.POST, HttpMethod.PATCH, HttpMethod.valueOf("MERGE"))) {
            assertEquals(Repetition.NEVER, of(method, "seen"));
        }
        assertFalse(Repetition.NEVER.allowsOneMore(1));
    }

    /** Rule W3. */
    @Test
    void aWriteThatNoNodeCanHaveSeenGoesToAnother() {
        for (Repetition write : WRITES) {
            assertTrue(write.allowsOneMore(0));
        }
    }

    @Test
    void whateverTheOnlyNodeAnswersIsTheAnswer() {
        for (Repetition repetition : Repetition.values()) {
            for (int status : List.of(200, 204, 300, 404, 409, 412, 413, 422, 500, 503)) {
                assertTrue(repetition.isSettledBy(status, 1), repetition + " " + status);
            }
        }
    }

    /** Rule W4. */
    @Test
    void aNodesOwnUnknownSettlesOnlyWhatMayNotComeTwice() {
        assertFalse(Repetition.ONCE.isSettledBy(504, 1));
        assertTrue(Repetition.NEVER.isSettledBy(504, 1));
        assertTrue(Repetition.AT_EVERY_NODE.isSettledBy(504, 1));
    }

    /** The first node stored it and died. None of these says that it did not; and the 422 may be about the first node's own version. Rule W3. */
    @Test
    void ofAWriteThatWasSentTwiceOnlyASuccessIsTold() {
        assertTrue(Repetition.ONCE.isSettledBy(200, 2));
        assertTrue(Repetition.ONCE.isSettledBy(204, 2));
        for (int status : List.of(100, 300, 304, 400, 404, 405, 409, 412, 413, 414, 422, 431, 500, 502, 503, 504)) {
            assertFalse(Repetition.ONCE.isSettledBy(status, 2), "" + status);
        }
    }

    @Test
    void anyAnswerToAReadIsTheAnswerHoweverManyWereAsked() {
        assertTrue(Repetition.AT_EVERY_NODE.isSettledBy(503, 3));
    }

    /** Rule W3. */
    @Test
    void aWriteIsRefusedOnlyIfNoNodeCanHaveSeenIt() {
        for (Repetition write : WRITES) {
            assertEquals(Problem.UNAVAILABLE, write.whenNobodyIsLeft(0));
            assertEquals(Problem.UNAVAILABLE, write.whenTimeIsUp(0));
            assertEquals(Problem.OUTCOME_UNKNOWN, write.whenNobodyIsLeft(1));
            assertEquals(Problem.OUTCOME_UNKNOWN, write.whenTimeIsUp(1));
        }
        assertEquals(Problem.OUTCOME_UNKNOWN, Repetition.ONCE.whenNobodyIsLeft(2));
    }

    @Test
    void theOutcomeOfAReadIsNeverUnknown() {
        assertEquals(Problem.UNAVAILABLE, Repetition.AT_EVERY_NODE.whenNobodyIsLeft(3));
        assertEquals(Problem.NO_ANSWER, Repetition.AT_EVERY_NODE.whenTimeIsUp(3));
    }

    private static Repetition of(HttpMethod method, @Nullable String context) {
        return Repetition.of(method, context);
    }
}
