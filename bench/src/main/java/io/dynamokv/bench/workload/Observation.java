package io.dynamokv.bench.workload;

/** What reading a key showed. */
public sealed interface Observation {
    /** A value of this key and run; 0 stands for one of an earlier run. */
    record Seen(int sequence) implements Observation {}

    record Absent() implements Observation {}

    /** Something that is no value of this key. */
    record Foreign() implements Observation {}

    /** No answer that tells: an error, or none at all. */
    record Unreadable() implements Observation {}
}
