package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a machine finds out who is there: SWIM 3.1, 4.2 and 4.3, and Lifeguard. */
class SwimProbeTest extends OneSwim {
    /** Whoever runs it may let it tick more rarely then. */
    @Test
    void isQuietUnlessAnAnswerIsWaitedForOrThereIsNews() {
        hearAll();
        assertFalse(swim.isQuiet(), "it has news of itself and of the others");
        for (int i = 0; i < 100 && !swim.isQuiet(); i++) {
            SwimMessage.Ping ping = passUntilPinged(B);
            assertFalse(swim.isQuiet(), "B has not answered");
            ack(B, ping.sequence());
        }
        assertTrue(swim.isQuiet());

        hear(C, down(D, 1, 0));

        assertFalse(swim.isQuiet());
    }

    /** What was sent before a link came up is lost, and of a hundred others each has its turn in a hundred periods only. */
    @Test
    void aMemberThatWasNotThereIsAskedAtOnceWhenALinkToItComesUp() {
        swim.learn(B, at(B));
        assertEquals(
                List.of(B),
                sent(SwimMessage.Ping.class, B, swim.reached(B, now)).stream()
                        .map(SwimMessage.Ping::target)
                        .toList());

        hear(B);
        assertEquals(List.of(), swim.reached(B, now), "it is there");
        hear(C, down(B, 1, 0));
        assertEquals(1, sent(SwimMessage.Ping.class, B, swim.reached(B, now)).size());
        assertEquals(List.of(), swim.reached(STRANGER, now));
    }

    @Test
    void aPingIsAnsweredWhereItCameFrom() {
        List<SwimEffect> effects = swim.received(B, new SwimMessage.Ping(77, A, 0, news(B)), now);

        assertEquals(77, sent(SwimMessage.Ack.class, B, effects).getFirst().sequence());
        assertEquals(
                List.of(),
                sent(SwimMessage.Ack.class, null, swim.received(B, new SwimMessage.Ping(78, C, 0, news(B)), now)),
                "meant for another, whose address this node has now");
    }

    /** SWIM 3.1 and 4.2. */
    @Test
    void silenceIsProbedThroughOthersThenSuspectThenDown() {
        hearAll();
        SwimMessage.Ping ping = passUntilPinged(B);

        List<SwimEffect> first = pass(400);
        assertEquals(List.of(), sent(SwimMessage.PingRequest.class, null, first));
        List<SwimEffect> second = pass(100);
        assertEquals(2, sent(SwimMessage.PingRequest.class, null, second).size(), "c and d");
        swim.received(C, new SwimMessage.Nack(ping.sequence(), news(C)), now);
        swim.received(D, new SwimMessage.Nack(ping.sequence(), news(D)), now);
        assertEquals(List.of(), changes(pass(400)));
        assertEquals(List.of(new SwimEffect.Changed(B, Liveness.ALIVE, Liveness.SUSPECT)), changes(pass(100)));
        assertEquals(0, swim.healthScore(), "c and d were heard, so b is at fault");
        // 4 log10(5) = 2.8 periods, and nobody confirms
        hear(C);
        assertEquals(Liveness.SUSPECT, swim.liveness(B));
        for (int i = 0; i < 27; i++) {
            pass(100);
            hear(C, alive(C, 1, i + 1));
            assertEquals(Liveness.SUSPECT, swim.liveness(B), "" + i);
        }
        pass(100);
        assertEquals(Liveness.DOWN, swim.liveness(B));
    }

    @Test
    void anAckThroughAnotherCounts() {
        hearAll();
        SwimMessage.Ping ping = passUntilPinged(B);
        pass(600);

        ack(C, ping.sequence());
        pass(400);

        assertEquals(Liveness.ALIVE, swim.liveness(B));
    }

    @Test
    void aHelperPassesTheAnswerOnAndSaysWhenItHasNone() {
        hearAll();
        var request = new SwimMessage.PingRequest(9, C, at(C), news(B));
        long own = sent(SwimMessage.Ping.class, C, swim.received(B, request, now))
                .getFirst()
                .sequence();

        assertEquals(List.of(9L), sequencesOfNacks(pass(300)), "in time for b's period");
        assertEquals(List.of(), sequencesOfNacks(pass(300)), "once");
        List<SwimMessage.Ack> acks = sent(SwimMessage.Ack.class, B, ack(C, own));
        assertEquals(List.of(9L), acks.stream().map(SwimMessage.Ack::sequence).toList());
        assertEquals(C, acks.getFirst().news().updates().getFirst().member(), "the target's word comes along");
    }

    private static List<Long> sequencesOfNacks(List<SwimEffect> effects) {
        return sent(SwimMessage.Nack.class, B, effects).stream()
                .map(SwimMessage.Nack::sequence)
                .toList();
    }

    /** Lifeguard, local health: nobody answers, so the fault may be here. */
    @Test
    void aNodeThatNobodyAnswersTakesLongerAndRecovers() {
        hearAll();
        passUntilPinged(B);
        pass(900);
        SwimMessage.Ping next = sent(SwimMessage.Ping.class, null, pass(100)).getFirst();
        assertEquals(2, swim.healthScore(), "two nacks are missing");
        assertEquals(2, next.health());

        assertEquals(List.of(), sent(SwimMessage.PingRequest.class, null, pass(1400)), "stretched by 3");
        assertEquals(1, sent(SwimMessage.PingRequest.class, null, pass(100)).size(), "b is a suspect");
        ack(next.target(), next.sequence());
        assertEquals(1, swim.healthScore());
    }

    /** Lifeguard: discard what spans the own pause. */
    @Test
    void aPausedNodeAccusesNobody() {
        hearAll();
        passUntilPinged(B);

        now += 20_000;
        List<SwimEffect> effects = swim.tick(now);

        assertEquals(List.of(), changes(effects));
        assertEquals(List.of(), changes(pass(400)));
        assertEquals(0, swim.healthScore());
    }

    @Test
    void aPauseExtendsTheSuspicionsByItsLength() {
        hearAll();
        hear(C, suspect(B, 1, 0, C));

        now += 20_000;
        hear(C);
        pass(100);
        assertEquals(Liveness.SUSPECT, swim.liveness(B), "a message was the first to show the pause");
        hear(C, suspect(B, 1, 0, D));
        pass(800);
        assertEquals(Liveness.SUSPECT, swim.liveness(B), "not yet a second, without the pause");
        pass(800);
        assertEquals(Liveness.DOWN, swim.liveness(B));
    }

    @Test
    void aSuspectIsToldSoFirst() {
        hearAll();
        hear(C, suspect(B, 1, 0, C));

        SwimMessage.Ping ping = passUntilPinged(B);

        assertEquals(suspect(B, 1, 0, C), ping.news().updates().getFirst());
    }

    @Test
    void anAccusationIsCheckedAtOnce() {
        hearAll();
        pass(3000);
        hearAll();
        hear(B, alive(B, 1, 1), alive(C, 1, 1), alive(D, 1, 1));
        for (NodeId each : List.of(B, C, D)) {
            SwimMessage.Ping ping = passUntilPinged(each);
            ack(each, ping.sequence());
        }
        while (swim.healthScore() > 0) {
            NodeId next = D;
            ack(next, passUntilPinged(next).sequence());
        }

        hear(B, suspect(C, 1, 1, B));
        now += 100;

        assertEquals(1, sent(SwimMessage.Ping.class, C, swim.tick(now)).size());
    }

    @Test
    void oneThatIsDownIsLookedForWhereItWasAndWhereItIsSaidToBe() {
        hear(B);
        hear(C, down(B, 1, 0));
        swim.learn(B, at(STRANGER));

        List<NodeAddress> tried = pass(2100).stream()
                .filter(SwimEffect.Send.class::isInstance)
                .map(SwimEffect.Send.class::cast)
                .filter(send -> send.to().equals(B))
                .map(SwimEffect.Send::address)
                .toList();

        assertTrue(tried.contains(at(B)) && tried.contains(at(STRANGER)), tried::toString);
        assertEquals(Optional.of(at(B)), swim.address(B), "its own word goes before");
    }

    @Test
    void timeThatRunsBackwardsStandsStill() {
        hearAll();
        pass(500);
        assertEquals(List.of(), changes(swim.tick(now - 5000)));
        assertEquals(List.of(), changes(swim.tick(now)));
    }
}
