package io.dynamokv.node.app;

import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.port.RequestObserver;
import io.dynamokv.node.storage.DirectoryRefusedException;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import org.jboss.logging.Logger;

/** The life of the process: open, serve until told to stop, stop. */
public final class NodeApplication implements QuarkusApplication {
    /** EX_CONFIG of sysexits.h: a person must do something before a start can succeed. */
    static final int UNUSABLE = 78;

    /** EX_IOERR: the storage broke, or memory ran out. A start on the same directory may succeed. */
    static final int STORAGE_BROKEN = 74;

    private static final Logger LOG = Logger.getLogger(NodeApplication.class);

    private final NodeDoors doors;
    private final NodeConfig config;
    private final Vertx vertx;
    private final RequestObserver observer;

    NodeApplication(NodeDoors doors, NodeConfig config, Vertx vertx, RequestObserver observer) {
        this.doors = doors;
        this.config = config;
        this.vertx = vertx;
        this.observer = observer;
    }

    @Override
    public int run(String... args) {
        stopInOrderOnSigterm();
        if (config.stopWhenStdinCloses()) {
            watchStandardInput();
        }
        try (RunningNode node = RunningNode.open(config, vertx, observer)) {
            doors.open(node);
            Quarkus.waitForExit();
            LOG.info("Stopping: finishing what is under way");
            doors.drain();
            node.finishRequests();
            doors.close();
            return 0;
        } catch (UnusableException | DirectoryRefusedException e) {
            LOG.errorf("Cannot start: %s", e.getMessage());
            return UNUSABLE;
        }
    }

    /**
     * Left alone, SIGTERM begins the end of the JVM, in which Quarkus stops HTTP and the event loops while requests are under way, and the
     * code says 143. By reflection, for the compiler has no name for this class.
     */
    private static void stopInOrderOnSigterm() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object stop = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, given) -> {
                        Quarkus.asyncExit(0);
                        return null;
                    });
            Object sigterm = signal.getConstructor(String.class).newInstance("TERM");
            signal.getMethod("handle", signal, handler).invoke(null, sigterm, stop);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("every JDK has sun.misc.Signal", e);
        }
    }

    private static void watchStandardInput() {
        Thread.ofPlatform().name("stdin-watch").daemon().start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // whatever is said, only the end counts
                }
            } catch (IOException e) {
                throw new UncheckedIOException("standard input broke", e);
            } finally {
                LOG.info("Standard input is closed: whoever started this node is gone");
                Quarkus.asyncExit(0);
            }
        });
    }
}
