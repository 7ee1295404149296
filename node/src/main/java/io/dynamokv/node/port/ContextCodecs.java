package io.dynamokv.node.port;

import io.dynamokv.core.version.ContextCodec;

/** Codecs of contexts, each for one thread. Only while the node serves. */
public interface ContextCodecs {
    ContextCodec ofThisThread();
}
