package io.dynamokv.node.transport;

/**
 * Bounds of peer links.
 *
 * @param connectTimeoutMillis a peer that does not accept or prove itself by then is tried again later
 * @param redialMillisMax the longest pause before a peer is called again
 * @param queuedBytesMax bytes waiting to be sent on a link; past that, requests are lost at once
 * @param frameBytesMax the longest message: N records of the largest size, and room
 */
public record TransportSettings(int connectTimeoutMillis, int redialMillisMax, int queuedBytesMax, int frameBytesMax) {
    public static final TransportSettings DEFAULT = new TransportSettings(400, 1000, 16 << 20, 64 << 20);
}
