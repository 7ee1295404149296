package io.dynamokv.bench.run;

import java.util.OptionalLong;

/** When the clients of a run begin their operations. Belongs to the event loop. */
sealed interface Pace permits ClosedLoop, OpenLoop {
    /** The time from which the latency of a client's next operation counts; empty if none is to be begun now. */
    OptionalLong take(long nowNanos);

    /** Calls when {@link #take} may have one, or when it {@link #isOver}. */
    void await(Runnable next);

    /** No more operations; those that were due before are still to be taken. */
    void end(long nowNanos);

    boolean isOver(long nowNanos);
}
