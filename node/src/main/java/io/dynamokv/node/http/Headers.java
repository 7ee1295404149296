package io.dynamokv.node.http;

/** The names of the headers that are DynamoKV's own. */
final class Headers {
    static final String CONTEXT = "X-Dynamo-Context";
    static final String QUORUM = "X-Dynamo-Quorum";
    static final String REQUEST_ID = "X-Request-Id";

    private Headers() {}
}
