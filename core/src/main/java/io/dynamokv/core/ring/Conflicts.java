package io.dynamokv.core.ring;

/** What a bucket does with concurrent versions. */
public enum Conflicts {
    /** Keeps them all until a client's write resolves them. */
    SIBLINGS,
    /** The latest by hybrid time wins when read and at the next write; concurrent writes are lost (rule D6). */
    LATEST
}
