package io.dynamokv.core.cluster;

/**
 * Orders what is said of a node: the number of its start, then a counter that only the node itself raises, to refute (SWIM 4.2). So a
 * restart's first incarnation is above all of its earlier starts', and nothing said of those can hold against it.
 */
public record Incarnation(long bootNumber, long counter) implements Comparable<Incarnation> {
    /** Below all that any node can have: nothing was ever heard of it. */
    public static final Incarnation NONE = new Incarnation(0, 0);

    public Incarnation {
        if (bootNumber < 0 || counter < 0) {
            throw new IllegalArgumentException(
                    "an incarnation's numbers are at least 0, were " + bootNumber + ", " + counter);
        }
    }

    public static Incarnation first(BootId boot) {
        return new Incarnation(boot.number(), 0);
    }

    public Incarnation next() {
        return new Incarnation(bootNumber, Math.addExact(counter, 1));
    }

    public boolean isAfter(Incarnation other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Incarnation other) {
        int boots = Long.compare(bootNumber, other.bootNumber);
        return boots != 0 ? boots : Long.compare(counter, other.counter);
    }

    @Override
    public String toString() {
        return bootNumber + "." + counter;
    }
}
