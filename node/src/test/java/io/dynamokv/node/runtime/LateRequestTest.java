package io.dynamokv.node.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.coordinator.PeerReply;
import io.dynamokv.core.coordinator.PeerRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rule T2: 1. a get reads a value here; 2. the process stands still; 3. meanwhile the value is deleted, and the tombstone reaped; 4. the get goes on
 * and would repair another owner with what it has read.
 */
@Timeout(20)
class LateRequestTest {
    private static final int REQUEST_MILLIS = 500;

    private final NodeOnOneLoop node = NodeOnOneLoop.of(3, 3, REQUEST_MILLIS).serve();
    private final Key key = node.keyWhere(true);
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();

    @BeforeEach
    void holdsAValueThatTheOtherOwnersLack() throws Exception {
        NodeOnOneLoop.get(node.executeForPeer(key, new PeerRequest.Replicate(node.storeKey(key), NodeOnOneLoop.MILK)));
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void t2_aRequestThatStoodStillForTooLongSendsNothingOfWhatItHasRead() throws Exception {
        getAndStandStillFor(REQUEST_MILLIS + OnItsWay.LATE_MILLIS);

        assertEquals(new Answer.Done(new Outcome.Found(NodeOnOneLoop.MILK)), NodeOnOneLoop.get(answer));
        assertFalse(repairWasSent(), "what it has read may have been reaped since");
    }

    @Test
    void t2_aRequestThatIsInTimeRepairs() throws Exception {
        getAndStandStillFor(0);

        assertEquals(new Answer.Done(new Outcome.Found(NodeOnOneLoop.MILK)), NodeOnOneLoop.get(answer));
        assertEquals(
                new PeerRequest.Replicate(node.storeKey(key), NodeOnOneLoop.MILK),
                node.nextOf(PeerRequest.Replicate.class).request());
    }

    /** Its thread stands still with the other owner's answer in its hands, so that no timer comes before it. */
    private void getAndStandStillFor(int millis) {
        var stoodStill = new AtomicBoolean();
        node.links.onSent = sent -> {
            if (sent.request() instanceof PeerRequest.Fetch && stoodStill.compareAndSet(false, true)) {
                node.loop.execute(() -> {
                    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                    while (System.nanoTime() - untilNanos < 0) {
                        LockSupport.parkNanos(untilNanos - System.nanoTime());
                    }
                    sent.listener().replied(sent.to(), new PeerReply.Fetched(VersionedRecord.EMPTY));
                });
            }
        };
        node.storageNode.execute(new ClientRequest.Get(key, 2), 100, answer::complete);
    }

    private boolean repairWasSent() {
        return node.links.sent.stream().anyMatch(sent -> sent.request() instanceof PeerRequest.Replicate);
    }
}
