package io.dynamokv.core.membership;

/**
 * How far a node trusts its own senses (Lifeguard, local health multiplier): a score from 0, well, upwards. Probes that fail without a
 * word from those who were asked to help, and having to refute, say that the fault may be its own; it then waits longer and asks less often.
 */
final class LocalHealth {
    private final int scoreMax;
    private int score;

    LocalHealth(int scoreMax) {
        this.scoreMax = scoreMax;
    }

    void worsen(int by) {
        score = Math.min(scoreMax, score + by);
    }

    void improve() {
        score = Math.max(0, score - 1);
    }

    int score() {
        return score;
    }

    long stretch(long millis) {
        return millis * (score + 1);
    }
}
