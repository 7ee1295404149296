package io.dynamokv.core.membership;

import static io.dynamokv.core.simulation.Samples.node;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One machine, a, whose peers the test plays. Times in milliseconds, at the default settings. */
abstract class OneSwim {
    static final NodeId A = node("a");
    static final NodeId B = node("b");
    static final NodeId C = node("c");
    static final NodeId D = node("d");
    static final NodeId STRANGER = node("x");

    long now = 10_000;
    final Swim swim = machine(Set.of(A, B, C, D));

    Swim machine(Set<NodeId> members) {
        var made = new Swim(
                new Swim.Identity(A, new BootId(5, 1), at(A)),
                SwimSettings.DEFAULT,
                SeededProperty.GENERATORS.create(1),
                now);
        made.members(members);
        return made;
    }

    static NodeAddress at(NodeId node) {
        return new NodeAddress("10.0.0." + node.value().getLeastSignificantBits(), 7000, 8080);
    }

    static Incarnation incarnation(long boot, long counter) {
        return new Incarnation(boot, counter);
    }

    static Update alive(NodeId node, long boot, long counter) {
        return Update.alive(node, incarnation(boot, counter), at(node), null);
    }

    static Update suspect(NodeId node, long boot, long counter, NodeId accuser) {
        return new Update(node, Liveness.SUSPECT, incarnation(boot, counter), at(node), null, accuser);
    }

    static Update down(NodeId node, long boot, long counter) {
        return new Update(node, Liveness.DOWN, incarnation(boot, counter), at(node), null, null);
    }

    static News news(NodeId from, Update... updates) {
        return new News(alive(from, 1, 0), List.of(updates));
    }

    List<SwimEffect> hear(NodeId from, Update... updates) {
        return swim.received(from, new SwimMessage.Gossip(news(from, updates)), now);
    }

    void hearAll() {
        hear(B);
        hear(C);
        hear(D);
    }

    static <M extends SwimMessage> List<M> sent(Class<M> type, @Nullable NodeId to, List<SwimEffect> effects) {
        return effects.stream()
                .filter(SwimEffect.Send.class::isInstance)
                .map(SwimEffect.Send.class::cast)
                .filter(send -> to == null || send.to().equals(to))
                .map(SwimEffect.Send::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    static List<SwimEffect> changes(List<SwimEffect> effects) {
        return effects.stream().filter(SwimEffect.Changed.class::isInstance).toList();
    }

    /** Ticks each 100 ms. */
    List<SwimEffect> pass(long millis) {
        var effects = new ArrayList<SwimEffect>();
        for (long end = now + millis; now < end; ) {
            now += 100;
            effects.addAll(swim.tick(now));
        }
        return effects;
    }

    /** Ticks until it pings that one; others' pings are answered. */
    SwimMessage.Ping passUntilPinged(NodeId target) {
        for (int i = 0; i < 200; i++) {
            now += 100;
            for (SwimMessage.Ping ping : sent(SwimMessage.Ping.class, null, swim.tick(now))) {
                if (ping.target().equals(target)) {
                    return ping;
                }
                ack(ping.target(), ping.sequence());
            }
        }
        throw new AssertionError("no ping to " + target);
    }

    List<SwimEffect> ack(NodeId from, long sequence) {
        return swim.received(from, new SwimMessage.Ack(sequence, news(from)), now);
    }
}
