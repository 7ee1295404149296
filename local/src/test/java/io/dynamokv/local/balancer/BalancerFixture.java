package io.dynamokv.local.balancer;

import static io.dynamokv.local.balancer.Futures.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A balancer before nodes that a test controls, and a client of it. */
final class BalancerFixture implements AutoCloseable {
    final List<FakeNode> nodes = new ArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable Balancer balancer;

    BalancerFixture nodes(String... names) {
        for (String name : names) {
            nodes.add(new FakeNode(vertx, name));
        }
        return this;
    }

    BalancerFixture start(Path pages) {
        return start(pages, BalancerSettings.onPort(0));
    }

    BalancerFixture start(Path pages, BalancerSettings settings) {
        balancer = await(Balancer.start(
                vertx, settings, nodes.stream().map(FakeNode::backend).toList(), pages, log::add));
        return this;
    }

    FakeNode node(int index) {
        return nodes.get(index);
    }

    int port() {
        if (balancer == null) {
            throw new IllegalStateException("not started");
        }
        return balancer.port();
    }

    HttpResponse<String> get(String path) {
        return send(path, request -> request.GET());
    }

    HttpResponse<String> put(String path, String body) {
        return send(path, request -> request.PUT(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> how) {
        return sendAs(path, how, BodyHandlers.ofString());
    }

    <T> HttpResponse<T> sendAs(String path, UnaryOperator<HttpRequest.Builder> how, HttpResponse.BodyHandler<T> as) {
        URI uri = URI.create("http://127.0.0.1:" + port() + path);
        try {
            return client.send(
                    how.apply(HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1))
                            .build(),
                    as);
        } catch (IOException e) {
            throw new AssertionError("no answer from " + uri, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** For a node whose answer comes late. */
    void after(long millis, Runnable what) {
        vertx.setTimer(millis, _ -> what.run());
    }

    /** Sends bytes as they are and reads until the balancer closes the connection. */
    String raw(String request) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError("no answer", e);
        }
    }

    @Override
    public void close() {
        client.close();
        await(vertx.close());
    }
}
