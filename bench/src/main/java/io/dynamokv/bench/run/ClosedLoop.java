package io.dynamokv.bench.run;

import java.util.OptionalLong;

/** Each client begins as soon as it has the answer to what it asked before: as many operations as the store can do, and fewer while it is slow. */
final class ClosedLoop implements Pace {
    private boolean over;

    @Override
    public OptionalLong take(long nowNanos) {
        return OptionalLong.of(nowNanos);
    }

    @Override
    public void await(Runnable next) {
        next.run();
    }

    @Override
    public void end(long nowNanos) {
        over = true;
    }

    @Override
    public boolean isOver(long nowNanos) {
        return over;
    }
}
