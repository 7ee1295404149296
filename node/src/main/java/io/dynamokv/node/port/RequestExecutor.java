package io.dynamokv.node.port;

import io.dynamokv.core.coordinator.ClientRequest;
import java.util.function.Consumer;

/** Executes clients' requests. Never blocks, never throws; may be called from any thread. */
public interface RequestExecutor {
    /**
     * @param bytes what the request holds in memory, for the bound on all that is under way
     * @param answer is called once, on a thread that must not block
     */
    void execute(ClientRequest request, int bytes, Consumer<Answer> answer);
}
