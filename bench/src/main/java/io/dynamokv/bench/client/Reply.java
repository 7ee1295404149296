package io.dynamokv.bench.client;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** How a request ended. */
public sealed interface Reply {
    /** A whole HTTP response. */
    record Answer(int status, MultiMap headers, Buffer body) implements Reply {
        static final String CONTEXT = "X-Dynamo-Context";

        public Optional<String> context() {
            return Optional.ofNullable(headers.get(CONTEXT));
        }
    }

    /** No whole response. */
    enum Failure implements Reply {
        /** No connection: the node never saw the request. */
        NOT_SENT("no connection"),
        /** The connection ended first; a write may be stored or not. */
        LOST("connection lost"),
        /** No answer within the generator's patience; a write may be stored or not. */
        TIMED_OUT("no answer");

        private final String label;

        Failure(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
