package io.dynamokv.node.port;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;

/** Is told of every client's request that ends. May be called from any thread; must be cheap. */
public interface RequestObserver {
    enum Kind {
        GET,
        PUT,
        DELETE;

        public static Kind of(ClientRequest request) {
            return switch (request) {
                case ClientRequest.Get _ -> GET;
                case ClientRequest.Put _ -> PUT;
                case ClientRequest.Delete _ -> DELETE;
            };
        }
    }

    enum Result {
        /** Found or written. */
        DONE,
        /** The same, and a stand-in's vote was counted (rule R2). */
        SLOPPY,
        /** Nothing was stored: too few replicas. */
        REFUSED,
        UNKNOWN,
        /** A limit, or an id that belongs to another request. */
        REJECTED,
        OVERLOADED,
        DISK_NEARLY_FULL,
        NOT_SERVING;

        public static Result of(Answer answer) {
            return switch (answer) {
                case Answer.Overloaded() -> OVERLOADED;
                case Answer.DiskNearlyFull() -> DISK_NEARLY_FULL;
                case Answer.NotServing() -> NOT_SERVING;
                case Answer.Done(Outcome outcome) ->
                    switch (outcome) {
                        case Outcome.Found found -> found.sloppy() ? SLOPPY : DONE;
                        case Outcome.Written written -> written.sloppy() ? SLOPPY : DONE;
                        case Outcome.Refused _ -> REFUSED;
                        case Outcome.Unknown _ -> UNKNOWN;
                        case Outcome.LimitExceeded _, Outcome.RequestIdReused _ -> REJECTED;
                    };
            };
        }
    }

    void ended(Kind kind, Result result, long nanos);

    /** How many were refused since the start because too much was under way; 0 if nobody counts. */
    default long overloaded() {
        return 0;
    }
}
