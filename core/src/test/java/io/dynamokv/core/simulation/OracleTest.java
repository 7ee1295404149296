package io.dynamokv.core.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.HybridTime;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.core.version.WriterId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Histories by hand: what the judge must find, and what it must let pass. a, b and c own the key, d stands in. */
class OracleTest {
    private static final NodeId A = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final NodeId C = Samples.node("c");
    private static final NodeId D = Samples.node("d");
    private static final Key KEY = Samples.storeKey("k").key();
    private static final ClientRequest.Put MILK = put("milk");
    private static final ClientRequest.Put EGGS = put("eggs");
    private static final ClientRequest.Put TEA = put("tea");

    private final Oracle oracle = new Oracle(List.of(A, B, C));

    @Test
    void aTextMustBeThereAsLongAsOneDiskThatItWasAcknowledgedFromIsThere() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        lost(A);

        assertFound(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, "'milk' was acknowledged", () -> end());
        end("milk");
    }

    @Test
    void aTextMayGoWithAllOfItsDisks() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        lost(A);
        lost(B);

        end();
        assertEquals(1, oracle.changesLost());
    }

    @Test
    void whatAnotherDiskHasAtTheLossMustBeThere() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        lost(A);
        oracle.diskLost(B, Map.of(C, Set.of("milk")));

        assertFound(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, "'milk' was acknowledged", () -> end());
    }

    @Test
    void aStandInNeedNotKeepWhatAnOwnerHasAndTheOwnerMust() {
        acknowledged(MILK, Oracle.Seen.NOTHING, D, A, B);
        lost(A);
        lost(B);
        oracle.delivered(diskOf(D), diskOf(C), Set.of("milk"));
        oracle.letGo(D, KEY);

        assertFound(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, "'milk' was acknowledged", () -> end());
        lost(C);
        end();
    }

    @Test
    void whatAStandInSaysAfterItHasLetItGoKeepsNothing() {
        begun(MILK, Oracle.Seen.NOTHING);
        Oracle.Disk whenAsked = diskOf(D);
        oracle.letGo(D, KEY);
        oracle.isOnDisk(MILK, whenAsked);

        end();
    }

    @Test
    void whatADeleteHadReadMustNotComeBackUnlessItsDisksAreLost() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B, C);
        acknowledged(delete("away with it"), seen("milk"), A);

        assertFound(Invariant.DELETED_STAYS_DELETED, "'milk' was overwritten by Delete", () -> end("milk"));
        lost(A);
        end("milk");
    }

    @Test
    void aTextMayGoIfItsReaderWroteAndWhatHeWroteIsThereOrWasReadInTurn() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        begun(EGGS, seen("milk"));

        end("eggs");
        assertFound(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, "'milk' was acknowledged", () -> end());
        begun(delete("away with it"), seen("eggs"));
        end();
    }

    @Test
    void whatWasRefusedOrNeverStoredOverwritesNothing() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        begun(EGGS, seen("milk"));
        oracle.refused(EGGS);
        oracle.began(delete("lost on its way"), seen("milk"));

        assertFound(Invariant.NOTHING_ACKNOWLEDGED_VANISHES, "'milk' was acknowledged", () -> end());
        assertFound(Invariant.NOTHING_REFUSED_APPEARS, "'eggs' was refused each time", () -> end("milk", "eggs"));
    }

    @Test
    void whatIsThereSomebodyWrote() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);

        assertFound(Invariant.NOTHING_IS_READ_THAT_NOBODY_WROTE, "nobody wrote 'coffee'", () -> end("milk", "coffee"));
    }

    @Test
    void anAcknowledgementNeedsItsVotes() {
        assertFound(
                Invariant.ACKNOWLEDGED_IS_ON_DISK,
                "was acknowledged, and only these",
                () -> acknowledged(MILK, Oracle.Seen.NOTHING, A));
        assertFound(
                Invariant.ACKNOWLEDGED_IS_ON_DISK,
                "was acknowledged, and only these",
                () -> acknowledged(EGGS, Oracle.Seen.NOTHING, A, D));
        oracle.acknowledged(EGGS, true);
    }

    @Test
    void aReadFindsWhatItCannotHaveMissed() {
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B);
        var ofTwo = new ClientRequest.Get(KEY, 2);
        var ofOne = new ClientRequest.Get(KEY, 1);

        assertFound(Invariant.READS_MISS_NOTHING, "a read found []", () -> read(ofTwo, oracle.before(ofTwo), false));
        read(ofTwo, oracle.before(ofTwo), true);
        read(ofOne, oracle.before(ofOne), false);
        Oracle.Before before = oracle.before(ofTwo);
        lost(B);
        read(ofTwo, before, false);
    }

    @Test
    void siblingsStayAndWhatWasWrittenOverGoes() {
        begun(MILK, Oracle.Seen.NOTHING);
        begun(EGGS, Oracle.Seen.NOTHING);
        stored(recordOf("milk"), recordOf("eggs"), recordOf("milk", "eggs"));

        begun(TEA, seen("milk"));
        stored(recordOf("milk", "eggs"), recordOf("tea"), recordOf("tea", "eggs"));
    }

    @Test
    void whatTheWriterOfASiblingHasReadIsNoSibling() {
        begun(MILK, Oracle.Seen.NOTHING);
        begun(EGGS, seen("milk"));

        assertFound(
                Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                "'milk' was read by the writer of its sibling",
                () -> stored(recordOf("milk"), VersionedRecord.EMPTY, recordOf("milk", "eggs")));
    }

    @Test
    void whatNobodyHasReadGoesNeitherFromAReplicaNorOnItsWayThere() {
        begun(MILK, Oracle.Seen.NOTHING);
        begun(EGGS, Oracle.Seen.NOTHING);

        assertFound(
                Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                "'milk' went",
                () -> stored(recordOf("milk"), recordOf("eggs"), recordOf("eggs")));
        assertFound(
                Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                "'milk' went",
                () -> stored(recordOf("eggs"), recordOf("milk"), recordOf("eggs")));
    }

    /** A reader may have seen one of the copies, and then the other stays. */
    @Test
    void aCopyOfWhatTwoCoordinatorsStoredMayStay() {
        begun(MILK, Oracle.Seen.NOTHING);
        oracle.executed("milk", new Oracle.Copy(diskOf(A), 1));
        oracle.executed("milk", new Oracle.Copy(diskOf(B), 1));
        begun(EGGS, seen("milk"));

        stored(recordOf("milk"), VersionedRecord.EMPTY, recordOf("milk", "eggs"));
    }

    /** Rule D5. */
    @Test
    void aDeleteWithoutAContextHasReadWhatItsCoordinatorRead() {
        var delete = new ClientRequest.Delete(KEY, RequestId.of("all of it"), null, 1, 1);
        acknowledged(MILK, Oracle.Seen.NOTHING, A, B, C);
        begun(delete, Oracle.Seen.NOTHING);
        oracle.isOnDisk(delete, diskOf(A));

        assertFound(
                Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                "'milk' went",
                () -> stored(recordOf("milk"), VersionedRecord.EMPTY, VersionedRecord.EMPTY));
        oracle.coordinatorRead(delete, recordOf("milk"));
        stored(recordOf("milk"), VersionedRecord.EMPTY, VersionedRecord.EMPTY);
        assertFound(Invariant.DELETED_STAYS_DELETED, "'milk' was overwritten by Delete", () -> end("milk"));
        end();
    }

    @Test
    void aDeleteWithAContextHasReadWhatThatStandsForAndNoMore() {
        ClientRequest.Delete delete = delete("away with it");
        begun(MILK, Oracle.Seen.NOTHING);
        begun(EGGS, Oracle.Seen.NOTHING);
        begun(delete, seen("eggs"));
        oracle.coordinatorRead(delete, recordOf("milk", "eggs"));

        stored(recordOf("milk", "eggs"), VersionedRecord.EMPTY, recordOf("milk"));
        assertFound(
                Invariant.SIBLINGS_ARE_THE_CONCURRENT_ONES,
                "'milk' went",
                () -> stored(recordOf("milk", "eggs"), VersionedRecord.EMPTY, VersionedRecord.EMPTY));
    }

    private void stored(VersionedRecord before, VersionedRecord came, VersionedRecord after) {
        oracle.checkStored(KEY, before, came, after);
    }

    private void begun(ClientRequest request, Oracle.Seen seen) {
        oracle.began(request, seen);
        oracle.mayBeStored(request);
    }

    private void acknowledged(ClientRequest request, Oracle.Seen seen, NodeId... by) {
        begun(request, seen);
        for (NodeId node : by) {
            oracle.isOnDisk(request, diskOf(node));
        }
        oracle.acknowledged(request, false);
    }

    private void lost(NodeId node) {
        oracle.diskLost(node, Map.of());
    }

    private Oracle.Disk diskOf(NodeId node) {
        return oracle.diskOf(node, KEY);
    }

    private void end(String... live) {
        oracle.checkEnd(KEY, recordOf(live));
    }

    private void read(ClientRequest.Get get, Oracle.Before before, boolean sloppy) {
        oracle.checkRead(get, before, VersionedRecord.EMPTY, sloppy);
    }

    private static void assertFound(Invariant invariant, String what, Runnable history) {
        var found = assertThrows(Violation.class, history::run);
        assertEquals(invariant, found.invariant());
        assertTrue(String.valueOf(found.getMessage()).contains(what), found.getMessage());
    }

    private static Oracle.Seen seen(String text) {
        return new Oracle.Seen(Set.of(text));
    }

    private static ClientRequest.Put put(String text) {
        return new ClientRequest.Put(KEY, VersionVector.EMPTY, Samples.content(text), 2);
    }

    private static ClientRequest.Delete delete(String name) {
        return new ClientRequest.Delete(KEY, RequestId.of(name), VersionVector.EMPTY, 1, 1);
    }

    private static VersionedRecord recordOf(String... live) {
        VersionedRecord record = VersionedRecord.EMPTY;
        for (int i = 0; i < live.length; i++) {
            var dot = new TimedDot(new Dot(new WriterId(i + 1), 1), HybridTime.ofMillis(1));
            record = record.update(VersionVector.EMPTY, dot, Samples.content(live[i]));
        }
        return record;
    }
}
