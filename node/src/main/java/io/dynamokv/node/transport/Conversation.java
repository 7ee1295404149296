package io.dynamokv.node.transport;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.node.wire.LinkKind;
import io.netty.buffer.ByteBuf;

/** What a caller says and hears on its link to one peer, once both have proved themselves. For the link's event loop alone. */
interface Conversation {
    LinkKind kind();

    /** Longest frame that the peer may send. */
    int frameBytesMax();

    /** The link is up. */
    void begin(Outbox outbox);

    /** @throws io.dynamokv.core.version.MalformedException if the peer must not say that; the link is cut */
    void hear(ByteBuf frame);

    /** Something came; told once for all that came together. */
    void heard();

    /** The link is gone; called once for each beginning. */
    void end();

    /** The peer's machine says that nothing listens there. */
    void refused(NodeAddress address);

    /** The peer hangs up on links of this kind without a word, again and again. */
    void unknownToPeer();
}
