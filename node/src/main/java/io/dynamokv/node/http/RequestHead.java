package io.dynamokv.node.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.BitSet;
import java.util.Map;

/**
 * What holds for every request, whatever it is about: its line and its headers are of reasonable length, and its URI is one. The HTTP server
 * below reads heads of up to twice these lengths, so that the refusal can be a problem; beyond that it answers by itself, without a body.
 */
final class RequestHead {
    private static final int LINE_BYTES_MAX = 8 << 10;
    private static final int HEADER_BYTES_MAX = 20 << 10;
    /** Two spaces and the version. */
    private static final int LINE_BYTES_BESIDE = 10;
    /** A colon, a space and the line's end. */
    private static final int HEADER_BYTES_BESIDE = 4;

    private static final BitSet OF_URIS = ofUris();

    private RequestHead() {}

    static void check(HttpServerRequest request) throws BadInputException {
        String uri = request.uri();
        if (uri.length() + request.method().name().length() + LINE_BYTES_BESIDE > LINE_BYTES_MAX) {
            throw new BadInputException(
                    414,
                    "request line",
                    "1.." + LINE_BYTES_MAX + " bytes",
                    "A request's line, with method and URI, has at most " + LINE_BYTES_MAX + " bytes");
        }
        checkUri(uri);
        int bytes = 0;
        for (Map.Entry<String, String> header : request.headers()) {
            bytes += header.getKey().length() + header.getValue().length() + HEADER_BYTES_BESIDE;
        }
        if (bytes > HEADER_BYTES_MAX) {
            throw new BadInputException(
                    431,
                    "headers",
                    "0.." + HEADER_BYTES_MAX + " bytes",
                    "A request's headers have at most " + HEADER_BYTES_MAX + " bytes together, these have " + bytes);
        }
    }

    /** The characters of RFC 3986, percent signs with two digits, and bytes beyond ASCII: curl sends a key as it is typed. */
    private static void checkUri(String uri) throws BadInputException {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            boolean good = c == '%' ? isHex(uri, i + 1) && isHex(uri, i + 2) : c >= 0x80 || OF_URIS.get(c);
            if (!good) {
                throw new BadInputException(
                        400,
                        "path",
                        "a path and query as RFC 3986 has them",
                        "The URI has a character that must be percent-encoded, or a percent sign without two"
                                + " hexadecimal digits, at position " + i);
            }
        }
    }

    private static boolean isHex(String uri, int at) {
        return at < uri.length() && Character.digit(uri.charAt(at), 16) >= 0;
    }

    private static BitSet ofUris() {
        var characters = new BitSet();
        "-._~:/?#[]@!$&'()*+,;=".chars().forEach(characters::set);
        characters.set('0', '9' + 1);
        characters.set('a', 'z' + 1);
        characters.set('A', 'Z' + 1);
        return characters;
    }
}
