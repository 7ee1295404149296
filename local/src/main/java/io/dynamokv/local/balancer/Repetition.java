package io.dynamokv.local.balancer;

import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * To how many nodes a request may be sent, and which answer counts then, as a function (rules W3, W4). A read goes to any number. A write
 * that got no answer is sent once more if that makes no second write of it: a PUT, which has its request id, and a DELETE that says what
 * it has seen; one that does not might remove what came since. A node that says of it that its outcome is unknown counts as one that gave no answer:
 * another may reach the replicas that it did not. Of a write that was sent twice only a success is told: the refusal of one node says nothing of
 * what the other one did. NGINX has the same table, but for a node's own "unknown" (docs/adr/007-nginx-front-end.md).
 */
enum Repetition {
    AT_EVERY_NODE,
    ONCE,
    NEVER;

    private static final int SUCCESS_FROM = 200;
    private static final int SUCCESS_BELOW = 300;
    private static final int UNKNOWN = 504;

    /** @param context what the client says that it has seen */
    static Repetition of(HttpMethod method, @Nullable String context) {
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            return AT_EVERY_NODE;
        }
        boolean says = context != null && !context.isBlank();
        return method.equals(HttpMethod.PUT) || (method.equals(HttpMethod.DELETE) && says) ? ONCE : NEVER;
    }

    /** @param sent how many attempts a node has seen, or may yet */
    boolean allowsOneMore(int sent) {
        return switch (this) {
            case AT_EVERY_NODE -> true;
            case ONCE -> sent < 2;
            case NEVER -> sent < 1;
        };
    }

    /** Whether an answer is the client's answer. A refusal is true of one attempt, and would be taken as a promise about both. */
    boolean isSettledBy(int status, int sent) {
        boolean success = status >= SUCCESS_FROM && status < SUCCESS_BELOW;
        return switch (this) {
            case AT_EVERY_NODE, NEVER -> true;
            case ONCE -> success || sent < 2 && status != UNKNOWN;
        };
    }

    /** The answer when nobody else can be asked, and nobody who was asked can answer any more. */
    Problem whenNobodyIsLeft(int sent) {
        return this == AT_EVERY_NODE || sent == 0 ? Problem.UNAVAILABLE : Problem.OUTCOME_UNKNOWN;
    }

    Problem whenTimeIsUp(int sent) {
        return this == AT_EVERY_NODE ? Problem.NO_ANSWER : whenNobodyIsLeft(sent);
    }
}
