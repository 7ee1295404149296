package io.dynamokv.core.simulation;

import java.util.PriorityQueue;

/** Virtual time: what is planned happens in the order of its time, and of its planning where times are equal. */
final class Schedule {
    private static final int STEPS_MAX = 200_000;

    private record Planned(long atMillis, long number, Runnable task) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime == 0 ? Long.compare(number, other.number) : byTime;
        }
    }

    private final PriorityQueue<Planned> planned = new PriorityQueue<>();
    private long nowMillis;
    private long numbers;
    private int steps;

    long nowMillis() {
        return nowMillis;
    }

    void after(long delayMillis, Runnable task) {
        planned.add(new Planned(nowMillis + delayMillis, numbers++, task));
    }

    void runUntilNothingIsPlanned() {
        Planned next = planned.poll();
        while (next != null) {
            if (++steps > STEPS_MAX) {
                throw new Violation(
                        Invariant.EVERYTHING_ENDS, "more than " + STEPS_MAX + " steps: something goes on for ever");
            }
            nowMillis = next.atMillis();
            next.task().run();
            next = planned.poll();
        }
    }
}
