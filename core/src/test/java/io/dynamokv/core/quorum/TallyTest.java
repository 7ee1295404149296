package io.dynamokv.core.quorum;

import static io.dynamokv.core.simulation.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.NodeId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Counting of R and W votes (Dynamo 4.5). */
class TallyTest {
    private static final NodeId A = node("a");
    private static final NodeId B = node("b");
    private static final NodeId C = node("c");
    private static final NodeId STRANGER = node("x");

    @Test
    void isMetOnceEnoughHaveVoted() {
        var tally = new Tally(List.of(A, B, C), 2);

        assertEquals(Verdict.PENDING, tally.voted(A));
        assertEquals(Verdict.MET, tally.voted(B));
        assertEquals(2, tally.received());
    }

    @Test
    void isImpossibleOnceTooFewAreLeft() {
        var tally = new Tally(List.of(A, B, C), 2);

        assertEquals(Verdict.PENDING, tally.failed(A));
        assertEquals(Verdict.IMPOSSIBLE, tally.failed(B));
        assertEquals(Verdict.IMPOSSIBLE, tally.voted(C));
    }

    @Test
    void isImpossibleFromTheStartWithTooFewVoters() {
        assertEquals(Verdict.IMPOSSIBLE, new Tally(List.of(A), 2).verdict());
        assertEquals(Verdict.IMPOSSIBLE, new Tally(List.of(), 1).verdict());
        assertEquals(Verdict.IMPOSSIBLE, new Tally(List.of(A, A), 2).verdict());
    }

    @Test
    void aVotersFirstWordStands() {
        var tally = new Tally(List.of(A, B), 2);

        assertEquals(Verdict.PENDING, tally.voted(A));
        assertEquals(Verdict.PENDING, tally.failed(A));
        assertEquals(Verdict.PENDING, tally.voted(A));
        assertEquals(Verdict.MET, tally.voted(B));
    }

    @Test
    void aStrangerIsNotHeard() {
        var tally = new Tally(List.of(A, B), 2);

        assertEquals(Verdict.PENDING, tally.voted(STRANGER));
        assertEquals(Verdict.PENDING, tally.failed(STRANGER));
        assertEquals(0, tally.received());
    }

    @Test
    void noVoteAtAllIsNoQuorum() {
        assertThrows(IllegalArgumentException.class, () -> new Tally(List.of(A), 0));
    }

    @Test
    void agreesWithTheNaiveCountAndNeverGoesBack() {
        List<NodeId> all = List.of(A, B, C, node("d"), node("e"), STRANGER);
        SeededProperty.forSeeds(500, random -> {
            List<NodeId> voters = all.subList(0, 1 + random.nextInt(5));
            var model = new NaiveCount(Set.copyOf(voters), 1 + random.nextInt(6), new HashMap<>());
            var tally = new Tally(voters, model.needed);
            Verdict before = tally.verdict();
            assertEquals(model.verdict(), before);
            for (int step = 0; step < 15; step++) {
                NodeId node = all.get(random.nextInt(all.size()));
                boolean vote = random.nextBoolean();
                model.firstWords.putIfAbsent(node, vote);

                Verdict verdict = vote ? tally.voted(node) : tally.failed(node);

                assertEquals(model.verdict(), verdict);
                assertEquals(verdict, tally.verdict());
                assertTrue(before == Verdict.PENDING || before == verdict, before + " became " + verdict);
                before = verdict;
            }
        });
    }

    /** Remembers every voter's first word and counts them all anew each time. */
    private record NaiveCount(Set<NodeId> voters, int needed, Map<NodeId, Boolean> firstWords) {
        Verdict verdict() {
            var yes = new HashSet<>(voters);
            yes.removeIf(voter -> !firstWords.getOrDefault(voter, false));
            var no = new HashSet<>(voters);
            no.removeIf(voter -> firstWords.getOrDefault(voter, true));
            if (yes.size() >= needed) {
                return Verdict.MET;
            }
            return voters.size() - no.size() < needed ? Verdict.IMPOSSIBLE : Verdict.PENDING;
        }
    }
}
