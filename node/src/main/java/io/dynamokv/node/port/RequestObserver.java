package io.dynamokv.node.port;

/** Is told of every client's request that ends. May be called from any thread; must be cheap. */
public interface RequestObserver {
    enum Kind {
        GET,
        PUT,
        DELETE
    }

    enum Result {
        /** Found or written. */
        DONE,
        /** Nothing was stored: too few replicas. */
        REFUSED,
        UNKNOWN,
        /** A limit, or an id that belongs to another request. */
        REJECTED,
        OVERLOADED,
        DISK_NEARLY_FULL,
        NOT_SERVING
    }

    void ended(Kind kind, Result result, long nanos);
}
