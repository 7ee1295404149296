package io.dynamokv.node.port;

/** What the doors hold before there is a request that a node could execute, and after it was executed. From any thread. */
public interface BodyFigures {
    String METRIC = "dynamokv.body.bytes";

    String ANSWERS_METRIC = "dynamokv.answer.bytes";

    /** Held by clients' bodies, from their heads to the ends of the answers. */
    long bodyBytes();

    /** Held by answers that their clients have not fetched. */
    long answerBytes();
}
