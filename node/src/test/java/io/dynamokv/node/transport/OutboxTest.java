package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a link has yet to send is counted, so that somebody can see that its peer does not take it. */
class OutboxTest {
    private static final int LENGTH_BYTES = 4;

    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final Queue<Runnable> gone = new ArrayDeque<>();
    private final AtomicLong unsent = new AtomicLong();

    /** A peer that takes nothing until the test has it do so. */
    private final Wire wire = new Wire() {
        @Override
        public void write(ByteBuf bytes, Runnable whenGone) {
            bytes.release();
            gone.add(whenGone);
        }
    };

    @AfterEach
    void stop() {
        loop.shutdownGracefully().syncUninterruptibly();
    }

    @Test
    void allLinksThatShareACountAddToItUntilTheirPeersHaveWhatTheySent() {
        var one = new Outbox(wire, loop, unsent);
        var other = new Outbox(wire, loop, unsent);
        one.addFrame(new byte[100]);
        one.flush();
        other.addFrame(new byte[1000]);
        other.flush();

        assertEquals(100 + 1000 + 2 * LENGTH_BYTES, unsent.get());
        assertEquals(100 + LENGTH_BYTES, one.queuedBytes());

        gone.remove().run();
        assertEquals(1000 + LENGTH_BYTES, unsent.get());
        gone.remove().run();
        assertEquals(0, unsent.get());
    }

    @Test
    void whatALinkHadNotSentWhenItEndedIsLetGo() {
        var outbox = new Outbox(wire, loop, unsent);
        outbox.addFrame(new byte[100]);

        outbox.discard();
        outbox.flush();

        assertEquals(0, outbox.queuedBytes());
        assertEquals(0, gone.size());
    }
}
