package io.dynamokv.core.cluster;

/** What a node believes of another. It routes requests and never moves ownership. */
public enum Liveness {
    ALIVE,
    /** Did not answer lately: asked last, and not concluded upon. */
    SUSPECT,
    DOWN
}
