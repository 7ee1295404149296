package io.dynamokv.local.balancer;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Collects the body of one request, within its bounds of size and time; refuses one that is out of them. */
final class Intake {
    /** How long a refused client may go on sending, so that it reads the refusal and not a broken connection. */
    private static final long LINGER_MILLIS = 1000;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final String requestId;
    private final Promise<Buffer> whole = Promise.promise();

    private Intake(Vertx vertx, HttpServerRequest request, String requestId) {
        this.vertx = vertx;
        this.request = request;
        this.requestId = requestId;
    }

    /** Fails when the request was refused, or when its client went away. */
    static Future<Buffer> receive(Vertx vertx, BalancerSettings settings, HttpServerRequest request, String requestId) {
        var intake = new Intake(vertx, request, requestId);
        intake.listen(settings);
        return intake.whole.future();
    }

    private void listen(BalancerSettings settings) {
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                settings.bodySeconds() * 1000L,
                _ -> refuse(Problem.BODY_TOO_SLOW, "The body took longer than " + settings.bodySeconds() + " s."));
        whole.future().onComplete(_ -> vertx.cancelTimer(timer));
        request.exceptionHandler(whole::tryFail);
        request.response().closeHandler(_ -> whole.tryFail("the client went away"));
        request.handler(part -> {
            if (whole.future().isComplete()) {
                return;
            }
            body.appendBuffer(part);
            if (body.length() > settings.bodyBytesMax()) {
                refuse(Problem.TOO_LARGE, "At most " + settings.bodyBytesMax() + " bytes are passed on.");
            }
        });
        request.endHandler(_ -> whole.tryComplete(body));
    }

    private void refuse(Problem problem, String detail) {
        if (whole.tryFail(detail)) {
            problem.send(request.response(), requestId, detail);
            vertx.setTimer(LINGER_MILLIS, _ -> request.connection().close());
        }
    }
}
