package io.dynamokv.bench.workload;

import java.util.Set;

/**
 * What one writer, one write at a time, did to a key, as sequence numbers from 1.
 *
 * @param attempted the last number that was sent
 * @param acknowledged the last number that the store confirmed; 0 for none
 * @param unknown numbers whose outcome nobody knows: 504, or no whole answer
 */
public record KeyHistory(int attempted, int acknowledged, Set<Integer> unknown) {
    public KeyHistory {
        unknown = Set.copyOf(unknown);
        if (acknowledged < 0 || attempted < acknowledged) {
            throw new IllegalArgumentException("acknowledged " + acknowledged + " of " + attempted + " attempts");
        }
    }

    /** Whether a read may show this number after the last acknowledgement. */
    boolean explains(int sequence) {
        return sequence <= acknowledged || unknown.contains(sequence);
    }
}
