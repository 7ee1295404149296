package io.dynamokv.local.balancer;

import java.util.Objects;

/**
 * The balancer's bounds. Together they keep the promise that no request takes longer than a second, counted from its last byte.
 *
 * @param port 0 takes any free one
 * @param answerMillis after this long a request is answered, whatever the nodes do
 * @param hedgeMillis after this long without an answer a read is sent to one more node
 * @param repeatMillis after this long without an answer a write that may be repeated is sent to one more node. Half of the whole time: each
 *     of the two has as long, with room for two hedges among the nodes; a node that is merely slow has answered by then
 * @param connectMillis a node that has not taken the connection by then counts as not reached
 * @param probeEveryMillis how often a node is asked whether it is ready; eight times as long while it is and nobody wants anything of it
 * @param probeTimeoutMillis two probes in a row that take longer take the node out
 * @param idleSeconds a client's connection on which nothing moves is closed
 * @param bodySeconds a request whose body has not arrived by then is refused
 * @param bodyBytesMax larger requests are refused; a node's own limit is lower and tells more
 * @param answerBytesMax larger answers of a node are refused; a record has at most 4 MiB, in base64 a third more
 * @param requestsMax requests in work at once; more are refused
 */
public record BalancerSettings(
        String host,
        int port,
        long answerMillis,
        long hedgeMillis,
        long repeatMillis,
        long connectMillis,
        long probeEveryMillis,
        long probeTimeoutMillis,
        int idleSeconds,
        int bodySeconds,
        int bodyBytesMax,
        int answerBytesMax,
        int requestsMax) {
    private static final int MEBIBYTE = 1024 * 1024;

    public BalancerSettings {
        Objects.requireNonNull(host, "host");
        requirePositive("answerMillis", answerMillis);
        requirePositive("hedgeMillis", hedgeMillis);
        requirePositive("repeatMillis", repeatMillis);
        requirePositive("connectMillis", connectMillis);
        requirePositive("probeEveryMillis", probeEveryMillis);
        requirePositive("probeTimeoutMillis", probeTimeoutMillis);
        requirePositive("idleSeconds", idleSeconds);
        requirePositive("bodySeconds", bodySeconds);
        requirePositive("bodyBytesMax", bodyBytesMax);
        requirePositive("answerBytesMax", answerBytesMax);
        requirePositive("requestsMax", requestsMax);
    }

    /** Loopback only: the store has no users and no passwords, so it is not shown to the network. */
    public static BalancerSettings onPort(int port) {
        return new BalancerSettings(
                "127.0.0.1", port, 900, 200, 450, 250, 250, 400, 15, 10, 2 * MEBIBYTE, 8 * MEBIBYTE, 1024);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be above 0, was " + value);
        }
    }
}
