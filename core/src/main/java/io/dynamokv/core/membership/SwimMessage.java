package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;

/** What nodes say to each other about who is alive. Loss, delay and repetition are normal. */
public sealed interface SwimMessage {
    /** Length, format and type, as the node's frames have them. */
    int FRAME_BYTES = 6;

    int ID_BYTES = 16;

    News news();

    /** Bytes of the frame on the wire; a codec keeps to it. */
    int sizeBytes();

    /**
     * Asks the target for an {@link Ack}.
     *
     * @param health the sender's {@link LocalHealth} score: 0 says that it is itself answered
     */
    record Ping(long sequence, NodeId target, int health, News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + Long.BYTES + ID_BYTES + Byte.BYTES + news.sizeBytes();
        }
    }

    /** Asks the receiver to ping the target, since the sender had no answer from it (SWIM 3.1, ping-req). */
    record PingRequest(long sequence, NodeId target, NodeAddress address, News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + Long.BYTES + ID_BYTES + Update.sizeBytes(address) + news.sizeBytes();
        }
    }

    /** The target of the ping or of the ping request with this sequence answered. */
    record Ack(long sequence, News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + Long.BYTES + news.sizeBytes();
        }
    }

    /** The target of the ping request has not answered yet; it tells the asker that its own links work (Lifeguard). */
    record Nack(long sequence, News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + Long.BYTES + news.sizeBytes();
        }
    }

    /** News that need not wait for the next probe. */
    record Gossip(News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + news.sizeBytes();
        }
    }

    /** All that the sender has heard of anyone; not held to the limit of other messages. */
    record SyncRequest(News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + news.sizeBytes();
        }
    }

    /** What the asker of the sync did not know. */
    record SyncReply(News news) implements SwimMessage {
        @Override
        public int sizeBytes() {
            return FRAME_BYTES + news.sizeBytes();
        }
    }
}
