package io.dynamokv.local.balancer;

import java.util.Locale;
import java.util.Optional;

/**
 * Which part of a node's surface can be reached through the balancer: {@code /api/v1/...} and nothing else, passed on byte for byte, as
 * a key may hold encoded slashes. Dot segments are refused, since a node might resolve them to a path outside of it.
 */
final class ApiPath {
    static final String PREFIX = "/api";
    private static final String FORWARDED = PREFIX + "/v1/";

    private ApiPath() {}

    static boolean isApi(String uri) {
        String path = pathOf(uri);
        return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
    }

    /** The node's URI for that of the client, or nothing when it is not to be forwarded. */
    static Optional<String> forwarded(String uri) {
        return uri.startsWith(FORWARDED) ? Optional.of(uri.substring(PREFIX.length())) : Optional.empty();
    }

    static boolean hasDotSegment(String uri) {
        for (String segment : pathOf(uri).split("/", -1)) {
            String plain = segment.toLowerCase(Locale.ROOT).replace("%2e", ".");
            if (plain.equals(".") || plain.equals("..")) {
                return true;
            }
        }
        return false;
    }

    private static String pathOf(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }
}
