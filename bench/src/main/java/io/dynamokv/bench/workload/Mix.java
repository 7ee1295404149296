package io.dynamokv.bench.workload;

/** What share of the operations reads; A, B and C are YCSB's, W writes only. */
public enum Mix {
    A(0.5),
    B(0.95),
    C(1),
    W(0);

    private final double readShare;

    Mix(double readShare) {
        this.readShare = readShare;
    }

    /** Whether the operation of this chance, between 0 and 1 (exclusive), is a read. */
    public boolean reads(double chance) {
        return chance < readShare;
    }
}
