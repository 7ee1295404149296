package io.dynamokv.bench.client;

import java.net.URI;

/** A node's client API. */
public record Target(String host, int port) {
    private static final int HTTP_PORT = 80;

    /** The target of a URL such as {@code http://127.0.0.11:8080}. */
    public static Target parse(String url) {
        URI uri = URI.create(url);
        if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            throw new IllegalArgumentException("not an http URL: " + url);
        }
        if (!uri.getPath().isEmpty() && !"/".equals(uri.getPath())) {
            throw new IllegalArgumentException("the URL of a node has no path: " + url);
        }
        return new Target(uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort());
    }

    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }
}
