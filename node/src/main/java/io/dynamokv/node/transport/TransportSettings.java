package io.dynamokv.node.transport;

/**
 * Bounds of peer links.
 *
 * @param connectTimeoutMillis a peer that does not accept by then, or having accepted does not prove itself by then, is tried again later
 * @param redialMillisMax the longest pause before a peer is called again
 * @param queuedBytesMax bytes waiting to be sent on all links, each of which has the same share; past that, and one message more, requests are lost at once
 * @param intakeBytesMax what peers' requests may hold that are under way; past that, links are not read until there is room
 * @param unfetchedBytesMax replies that a peer does not fetch; past that its link is not read
 * @param frameBytesMax the longest message: N records of the largest size, and room
 * @param messageMillisMax a link is closed unread when what lies in it was sent so long ago (rule T2)
 */
public record TransportSettings(
        int connectTimeoutMillis,
        int redialMillisMax,
        int queuedBytesMax,
        int intakeBytesMax,
        int unfetchedBytesMax,
        int frameBytesMax,
        int messageMillisMax) {
    public static final TransportSettings DEFAULT =
            new TransportSettings(1200, 1000, 16 << 20, 16 << 20, 1 << 20, 64 << 20, 5000);

    /**
     * A handshake takes a round trip. A link whose round trips are shorter than the silence after which a peer is down would live, if only it came up: so it
     * may take as long.
     *
     * @param downAfterMillis of silence
     */
    public TransportSettings forPeersThatAreDownAfter(int downAfterMillis) {
        return new TransportSettings(
                downAfterMillis,
                redialMillisMax,
                queuedBytesMax,
                intakeBytesMax,
                unfetchedBytesMax,
                frameBytesMax,
                messageMillisMax);
    }
}
