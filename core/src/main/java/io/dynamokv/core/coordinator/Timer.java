package io.dynamokv.core.coordinator;

/** The timers of a request. Their lengths are settings of the node. */
public enum Timer {
    /** Ask one more replica: a slow one is no concluded failure. */
    HEDGE,
    /** The request ends now, whatever is missing. */
    DEADLINE
}
