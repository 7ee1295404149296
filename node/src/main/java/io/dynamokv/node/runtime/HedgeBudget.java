package io.dynamokv.node.runtime;

/**
 * How many hedges a shard may send: many at once when a peer falls silent, and in the long run one for each ten requests. Where all are slow because there
 * is too much to do, asking twice would make it more (Dean and Barroso, The Tail at Scale). On the shard's event loop alone.
 */
final class HedgeBudget {
    static final int SAVED_MAX = 1000;
    static final int REQUESTS_PER_HEDGE = 10;

    private int saved = SAVED_MAX * REQUESTS_PER_HEDGE;

    void requestBegan() {
        saved = Math.min(saved + 1, SAVED_MAX * REQUESTS_PER_HEDGE);
    }

    boolean take() {
        if (saved < REQUESTS_PER_HEDGE) {
            return false;
        }
        saved -= REQUESTS_PER_HEDGE;
        return true;
    }
}
