package io.dynamokv.node.port;

import io.dynamokv.core.version.ContextCodec;
import java.util.Optional;

/** Codecs of contexts, each for one thread. */
public interface ContextCodecs {
    /** Empty until the node's directory is open, and again once the node stops: at any moment. */
    Optional<ContextCodec> ofThisThread();
}
