package io.dynamokv.node.http;

import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.ring.Bucket;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.ContextCodec;
import io.dynamokv.core.version.RequestDigest;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.node.config.NodeConfig;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what a client sent into a {@link ClientRequest}, or says which field is wrong and what would be right. */
final class RequestReader {
    private static final String DEFAULT_TYPE = "application/octet-stream";
    private static final int REQUEST_ID_CHARS_MAX = 128;
    private static final int TYPE_CHARS_MAX = 255;
    private static final int CONTEXT_CHARS_MAX = 16 << 10;

    /** A type, a subtype, and whatever parameters: they are kept as they are, for the readers. */
    private static final Pattern TYPE = Pattern.compile("[!-~&&[^/;,]]+/[!-~&&[^/;,]]+(\\s*;[ -~]*)?");

    private final HttpServerRequest request;
    private final String rawPath;
    private final ClusterMap map;
    private final NodeConfig.Limits limits;
    private final ContextCodec contexts;

    /** @param rawPath as the client sent it */
    RequestReader(
            HttpServerRequest request,
            String rawPath,
            ClusterMap map,
            NodeConfig.Limits limits,
            ContextCodec contexts) {
        this.request = request;
        this.rawPath = rawPath;
        this.map = map;
        this.limits = limits;
        this.contexts = contexts;
    }

    /** The client's id of the request, or a new one. One that cannot be kept is refused later, by {@link #requestId}. */
    static String idOf(HttpServerRequest request) {
        String given = request.getHeader(Headers.REQUEST_ID);
        return given != null && isPrintable(given, REQUEST_ID_CHARS_MAX)
                ? given
                : UUID.randomUUID().toString();
    }

    private RequestId requestId(String id) throws BadInputException {
        String given = request.getHeader(Headers.REQUEST_ID);
        if (given != null && !given.equals(id)) {
            throw new BadInputException(
                    400,
                    Headers.REQUEST_ID,
                    "1.." + REQUEST_ID_CHARS_MAX + " printable ASCII characters",
                    "The request's id has 1 to " + REQUEST_ID_CHARS_MAX + " printable ASCII characters");
        }
        return RequestId.of(id);
    }

    Key key() throws BadInputException {
        return KeyPath.parse(rawPath, limits.keyBytesMax());
    }

    ClientRequest get() throws BadInputException {
        Key key = key();
        return new ClientRequest.Get(key, quorum("r", map.readQuorum(bucketOf(key))));
    }

    ClientRequest put(String id, byte[] body) throws BadInputException {
        Key key = key();
        Bucket bucket = bucketOf(key);
        int valueBytesMax = bucket.valueBytesMax(limits.valueBytesMax());
        if (body.length > valueBytesMax) {
            throw tooLong(valueBytesMax);
        }
        VersionVector given = context(key);
        VersionVector context = given == null ? VersionVector.EMPTY : given;
        String type = contentTypeOf(request);
        var content = new Content(requestId(id), RequestDigest.of(body, type, context), type, body);
        return new ClientRequest.Put(key, context, content, quorum("w", map.writeQuorum(bucket)));
    }

    private Bucket bucketOf(Key key) {
        return map.bucket(key.bucket());
    }

    static BadInputException tooLong(int valueBytesMax) {
        return new BadInputException(
                413, "value", "0.." + valueBytesMax + " bytes", "A value has at most " + valueBytesMax + " bytes");
    }

    ClientRequest delete(String id) throws BadInputException {
        Key key = key();
        Bucket bucket = bucketOf(key);
        return new ClientRequest.Delete(
                key,
                requestId(id),
                context(key),
                quorum("r", map.readQuorum(bucket)),
                quorum("w", map.writeQuorum(bucket)));
    }

    private int quorum(String field, int byDefault) throws BadInputException {
        String given = request.getParam(field);
        if (given == null) {
            return byDefault;
        }
        int n = map.settings().replicationFactor();
        boolean isNumber =
                !given.isEmpty() && given.length() <= 2 && given.chars().allMatch(c -> c >= '0' && c <= '9');
        int value = isNumber ? Integer.parseInt(given) : 0;
        if (value < 1 || value > n) {
            throw new BadInputException(
                    400, field, "1.." + n, "The parameter " + field + " is a number of replicas from 1 to " + n);
        }
        return value;
    }

    private @Nullable VersionVector context(Key key) throws BadInputException {
        String given = request.getHeader(Headers.CONTEXT);
        if (given == null) {
            return null;
        }
        if (given.length() > CONTEXT_CHARS_MAX) {
            throw new BadInputException(
                    400,
                    Headers.CONTEXT,
                    "1.." + CONTEXT_CHARS_MAX + " characters",
                    "The context is too long to be one");
        }
        return switch (contexts.open(key.bucket(), key.name(), given)) {
            case ContextCodec.Opened.Valid(VersionVector vector) -> vector;
            case ContextCodec.Opened.Forged(String why) ->
                throw new BadInputException(
                        400,
                        Headers.CONTEXT,
                        "a context that a response for this key had",
                        "The context cannot be used: " + why);
            case ContextCodec.Opened.UnknownKey(String keyId) ->
                throw new BadInputException(
                        412,
                        Headers.CONTEXT,
                        "a context made with a current key of the cluster secret",
                        "The context was made with the key '" + keyId + "', which is no longer in use: read again");
        };
    }

    static String contentTypeOf(HttpServerRequest request) throws BadInputException {
        String given = request.getHeader("Content-Type");
        if (given == null) {
            return DEFAULT_TYPE;
        }
        if (!isPrintable(given, TYPE_CHARS_MAX) || !TYPE.matcher(given).matches()) {
            throw new BadInputException(
                    400,
                    "Content-Type",
                    "1.." + TYPE_CHARS_MAX + " printable ASCII characters, type/subtype",
                    "The content type must be a media type of at most " + TYPE_CHARS_MAX + " characters");
        }
        return given;
    }

    private static boolean isPrintable(String text, int charsMax) {
        if (text.isEmpty() || text.length() > charsMax) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7E) {
                return false;
            }
        }
        return true;
    }
}
