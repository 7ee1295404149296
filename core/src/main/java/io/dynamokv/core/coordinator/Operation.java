package io.dynamokv.core.coordinator;

import java.util.List;

/** A machine for one request. Not for several threads; the package's page says how to run one. */
public sealed interface Operation permits GetOperation, PutOperation, DeleteOperation, ForwardOperation {
    List<Effect> start();

    List<Effect> on(Event event);

    /** No event changes anything any more. */
    boolean isDone();
}
