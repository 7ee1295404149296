package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.Conflicts;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories by hand, of what coordinators issue: rules D2 and W4. */
class DotLedgerTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final StoreKey KEY = Samples.storeKey("k");
    private static final Content MILK = Samples.content("milk");
    private static final Content EGGS = Samples.content("eggs");
    /** What a client asks for once more as something else. */
    private static final Content OTHER_MILK = Samples.content("milk", "goat's milk", Samples.NOTHING);

    private final DotLedger dots = new DotLedger(true);

    /** The second coordinator of a takeover does not know the first one's, and has a dot of its own. */
    @Test
    void differentDotsForDifferentPutsAndOneForEachCoordinatorAreRight() {
        VersionedRecord milk = issues(A, MILK, VersionedRecord.EMPTY, 1, 1);
        VersionedRecord both = issues(A, EGGS, milk, 1, 2);
        issues(B, MILK, VersionedRecord.EMPTY, 2, 1);

        dots.stored(A, putOf(MILK), both, both);
    }

    @Test
    void d2_aDotIsIssuedOnce() {
        issues(A, MILK, VersionedRecord.EMPTY, 1, 1);

        assertFound(Invariant.NO_DOT_IS_ISSUED_TWICE, () -> issues(A, EGGS, VersionedRecord.EMPTY, 1, 1));
    }

    /** A copy of a directory would, in the same request too. */
    @Test
    void d2_noOtherNodeIssuesItNorForTheSamePut() {
        issues(A, MILK, VersionedRecord.EMPTY, 1, 1);

        assertFound(Invariant.NO_DOT_IS_ISSUED_TWICE, () -> issues(B, MILK, VersionedRecord.EMPTY, 1, 1));
    }

    @Test
    void w4_whoKnowsAnIdIssuesNoDotForIt() {
        VersionedRecord milk = issues(A, MILK, VersionedRecord.EMPTY, 1, 1);

        assertFound(Invariant.NO_REQUEST_IS_EXECUTED_AGAIN, () -> issues(A, MILK, milk, 1, 2));
        assertFound(Invariant.NO_REQUEST_IS_EXECUTED_AGAIN, () -> issues(A, OTHER_MILK, milk, 1, 2));
    }

    /** The second time it might remove more. */
    @Test
    void w4_aDeleteWithoutAContextIsExecutedOnce() {
        ClientRequest.Delete without = delete(null);
        ClientRequest.Delete with = delete(VersionVector.EMPTY);
        dots.deletes(with, VersionVector.EMPTY);
        dots.deletes(with, VersionVector.EMPTY);
        dots.deletes(without, VersionVector.EMPTY);

        assertFound(Invariant.NO_REQUEST_IS_EXECUTED_AGAIN, () -> dots.deletes(without, VersionVector.EMPTY));
    }

    @Test
    void w4_onlyAnIdThatAnotherRequestUsedIsReused() {
        ClientRequest.Put milk = asked(MILK);
        issues(A, MILK, VersionedRecord.EMPTY, 1, 1);

        dots.isReused(asked(OTHER_MILK));
        assertFound(Invariant.ONLY_A_REUSED_ID_IS_CALLED_REUSED, () -> dots.isReused(milk));
        assertFound(Invariant.ONLY_A_REUSED_ID_IS_CALLED_REUSED, () -> dots.isReused(asked(EGGS)));
    }

    private VersionedRecord issues(NodeId by, Content content, VersionedRecord before, int writer, int counter) {
        var dot = new TimedDot(new Dot(new WriterId(writer), counter), HybridTime.ofMillis(1));
        VersionedRecord after = before.update(VersionVector.EMPTY, dot, content);
        dots.stored(by, putOf(content), before, after);
        return after;
    }

    private static StoreOperation.Put putOf(Content content) {
        return new StoreOperation.Put(KEY, VersionVector.EMPTY, content, new Bucket("carts", Conflicts.SIBLINGS), 1);
    }

    private static ClientRequest.Put asked(Content content) {
        return new ClientRequest.Put(KEY.key(), VersionVector.EMPTY, content, 1);
    }

    private static ClientRequest.Delete delete(@Nullable VersionVector context) {
        return new ClientRequest.Delete(KEY.key(), RequestId.of("delete " + context), context, 1, 1);
    }

    private static void assertFound(Invariant invariant, Runnable history) {
        assertEquals(invariant, assertThrows(Violation.class, history::run).invariant());
    }
}
