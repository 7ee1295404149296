package io.dynamokv.local.kube.control;

/** Brings what is nearer to what is wanted. A pass that finds nothing to do writes nothing. */
public interface Controller {
    /** Called on one thread after anything changed. What it misses or loses a race for it finds at the next pass. */
    void pass();
}
