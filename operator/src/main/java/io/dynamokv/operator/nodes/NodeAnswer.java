package io.dynamokv.operator.nodes;

/** What became of a call that should change something. */
public sealed interface NodeAnswer {
    record Done() implements NodeAnswer {}

    /** The node understood, and would not. */
    record Refused(String why) implements NodeAnswer {}

    record Unreachable(String why) implements NodeAnswer {}
}
