package io.dynamokv.local.balancer;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which node is asked next, as a function: of the healthy ones that were not asked yet, one that owes no overdue answer, then the one
 * with the fewest requests in flight. A node that stops without dying still takes connections; the overdue answers give it away long
 * before a probe does.
 */
final class Choice {
    private Choice() {}

    /** @param overdue requests in flight that have waited longer than the hedge delay */
    record Candidate(boolean healthy, int inFlight, int overdue) {}

    /**
     * @param rotation moves on with every request, so that equal nodes take turns
     * @return the position of the chosen candidate, or nothing when all healthy ones were tried
     */
    static OptionalInt next(List<Candidate> candidates, Set<Integer> tried, int rotation) {
        int best = -1;
        for (int step = 0; step < candidates.size(); step++) {
            int position = Math.floorMod(rotation + step, candidates.size());
            Candidate candidate = candidates.get(position);
            if (!candidate.healthy() || tried.contains(position)) {
                continue;
            }
            if (best < 0 || isBetter(candidate, candidates.get(best))) {
                best = position;
            }
        }
        return best < 0 ? OptionalInt.empty() : OptionalInt.of(best);
    }

    private static boolean isBetter(Candidate one, Candidate other) {
        boolean prompt = one.overdue() == 0;
        boolean otherPrompt = other.overdue() == 0;
        return prompt == otherPrompt ? one.inFlight() < other.inFlight() : prompt;
    }
}
