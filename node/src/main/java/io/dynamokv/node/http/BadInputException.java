package io.dynamokv.node.http;

/** A request that cannot be meant: names the field and the limit. */
final class BadInputException extends Exception {
    private final int status;
    private final String field;
    private final String limit;

    BadInputException(int status, String field, String limit, String detail) {
        super(detail);
        this.status = status;
        this.field = field;
        this.limit = limit;
    }

    Problem toProblem(String requestId) {
        return Problem.badInput(status, field, limit, String.valueOf(getMessage()), requestId);
    }
}
