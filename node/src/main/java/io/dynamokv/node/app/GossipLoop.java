package io.dynamokv.node.app;

import io.dynamokv.node.port.GossipLinks;
import io.dynamokv.node.port.GossipListener;
import io.dynamokv.node.runtime.Membership;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.vertx.core.Context;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The event loop of gossip, and what runs on it. It is none of those that serve requests: a shard that waits for its disk must not look like
 * a node that is dead. Its thread is a daemon and ends with the process: Vert.x, which resolves names on it, still needs it for its own end.
 */
final class GossipLoop {
    private static final Logger LOG = Logger.getLogger(GossipLoop.class);
    private static final int IO_RATIO_PERCENT = 50;

    private final Membership membership;

    private GossipLoop(Membership membership) {
        this.membership = membership;
    }

    /**
     * @param making makes the membership, which is run here
     * @param links makes its links, which are run here too
     */
    static GossipLoop begin(
            VertxInternal vertx,
            Function<Membership.Loop, Membership> making,
            BiFunction<Context, GossipListener, GossipLinks> links) {
        EventLoopGroup group = vertx.transport()
                .eventLoopGroup(
                        Transport.IO_EVENT_LOOP_GROUP, 1, new DefaultThreadFactory("gossip", true), IO_RATIO_PERCENT);
        EventLoop loop = group.next();
        Context context =
                vertx.createEventLoopContext(loop, null, Thread.currentThread().getContextClassLoader());
        Membership membership = making.apply(new LoggingLoop(loop));
        membership.begin(links.apply(context, membership));
        return new GossipLoop(membership);
    }

    Membership membership() {
        return membership;
    }

    /** Netty keeps a failure in a future that nobody looks at. */
    private record LoggingLoop(EventLoop loop) implements Membership.Loop {
        @Override
        public void execute(Runnable task) {
            loop.execute(logging(task));
        }

        @Override
        public void executeAfter(Runnable task, long millis) {
            var _ = loop.schedule(logging(task), millis, TimeUnit.MILLISECONDS);
        }

        private static Runnable logging(Runnable task) {
            return () -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("Gossip failed", e);
                }
            };
        }
    }
}
