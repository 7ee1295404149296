package io.dynamokv.node.port;

/** What the doors hold before there is a request that a node could execute. From any thread. */
public interface BodyFigures {
    String METRIC = "dynamokv.body.bytes";

    /** Held by clients' bodies, from their heads to the ends of the answers. */
    long bodyBytes();
}
