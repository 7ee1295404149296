package io.dynamokv.core.antientropy;

import io.dynamokv.core.merkle.Leaf;
import io.dynamokv.core.merkle.LeafTable;
import java.util.ArrayList;
import java.util.List;

/** Leaves that differ, in rising order, and that one question is enough for. */
sealed interface LeafRun {
    List<Integer> leaves();

    /** Whatever lies between the first and the last of them is the peer's alone. */
    record EmptyHere(List<Integer> leaves) implements LeafRun {}

    /** Whatever lies between the first and the last of them is this replica's alone. */
    record EmptyThere(List<Integer> leaves) implements LeafRun {}

    record BothHold(List<Integer> leaves) implements LeafRun {}

    /** @param togetherMax leaves that both hold in one run */
    static List<LeafRun> between(LeafTable here, LeafTable there, int togetherMax) {
        var runs = new ArrayList<LeafRun>();
        runs.addAll(runsOfEmpty(here, there).stream().map(EmptyHere::new).toList());
        runs.addAll(runsOfEmpty(there, here).stream().map(EmptyThere::new).toList());
        List<Integer> both = here.differences(there).stream()
                .filter(leaf -> here.leaf(leaf) != 0 && there.leaf(leaf) != 0)
                .toList();
        for (int i = 0; i < both.size(); i += togetherMax) {
            runs.add(new BothHold(both.subList(i, Math.min(both.size(), i + togetherMax))));
        }
        return runs;
    }

    /** A run goes on over leaves that are empty at both sides, and ends where the first table's are not. */
    private static List<List<Integer>> runsOfEmpty(LeafTable empty, LeafTable other) {
        var runs = new ArrayList<List<Integer>>();
        var run = new ArrayList<Integer>();
        for (int leaf = 0; leaf < Leaf.COUNT; leaf++) {
            if (empty.leaf(leaf) != 0 && !run.isEmpty()) {
                runs.add(List.copyOf(run));
                run.clear();
            } else if (empty.leaf(leaf) == 0 && other.leaf(leaf) != 0) {
                run.add(leaf);
            }
        }
        if (!run.isEmpty()) {
            runs.add(List.copyOf(run));
        }
        return runs;
    }
}
