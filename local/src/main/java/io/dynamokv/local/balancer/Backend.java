package io.dynamokv.local.balancer;

import io.vertx.core.net.SocketAddress;
import java.util.Objects;

/** A node as the balancer sees it: a name for people, where it takes requests and where it tells whether it is ready. */
public record Backend(String name, SocketAddress http, SocketAddress admin) {
    public Backend {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(admin, "admin");
    }

    public static Backend of(String name, String host, int httpPort, int adminPort) {
        return new Backend(
                name,
                SocketAddress.inetSocketAddress(httpPort, host),
                SocketAddress.inetSocketAddress(adminPort, host));
    }
}
