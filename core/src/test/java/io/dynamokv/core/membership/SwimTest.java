package io.dynamokv.core.membership;

import static io.dynamokv.core.simulation.Samples.node;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One machine, a, whose peers the test plays: SWIM 3.1, 4.1 to 4.3, and Lifeguard. Times in milliseconds, at the default settings. */
class SwimTest {
    private static final NodeId A = node("a");
    private static final NodeId B = node("b");
    private static final NodeId C = node("c");
    private static final NodeId D = node("d");
    private static final NodeId STRANGER = node("x");

    private long now = 10_000;
    private final Swim swim = machine(Set.of(A, B, C, D));

    private Swim machine(Set<NodeId> members) {
        var made = new Swim(
                new Swim.Identity(A, new BootId(5, 1), at(A)),
                SwimSettings.DEFAULT,
                SeededProperty.GENERATORS.create(1),
                now);
        made.members(members);
        return made;
    }

    private static NodeAddress at(NodeId node) {
        return new NodeAddress("10.0.0." + node.value().getLeastSignificantBits(), 7000, 8080);
    }

    private static Incarnation incarnation(long boot, long counter) {
        return new Incarnation(boot, counter);
    }

    private static Update alive(NodeId node, long boot, long counter) {
        return Update.alive(node, incarnation(boot, counter), at(node), null);
    }

    private static Update suspect(NodeId node, long boot, long counter, NodeId accuser) {
        return new Update(node, Liveness.SUSPECT, incarnation(boot, counter), at(node), null, accuser);
    }

    private static Update down(NodeId node, long boot, long counter) {
        return new Update(node, Liveness.DOWN, incarnation(boot, counter), at(node), null, null);
    }

    private static News news(NodeId from, Update... updates) {
        return new News(alive(from, 1, 0), List.of(updates));
    }

    private List<SwimEffect> hear(NodeId from, Update... updates) {
        return swim.received(from, new SwimMessage.Gossip(news(from, updates)), now);
    }

    private void hearAll() {
        hear(B);
        hear(C);
        hear(D);
    }

    private static <M extends SwimMessage> List<M> sent(Class<M> type, @Nullable NodeId to, List<SwimEffect> effects) {
        return effects.stream()
                .filter(SwimEffect.Send.class::isInstance)
                .map(SwimEffect.Send.class::cast)
                .filter(send -> to == null || send.to().equals(to))
                .map(SwimEffect.Send::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private static List<SwimEffect> changes(List<SwimEffect> effects) {
        return effects.stream().filter(SwimEffect.Changed.class::isInstance).toList();
    }

    /** Ticks each 100 ms. */
    private List<SwimEffect> pass(long millis) {
        var effects = new ArrayList<SwimEffect>();
        for (long end = now + millis; now < end; ) {
            now += 100;
            effects.addAll(swim.tick(now));
        }
        return effects;
    }

    /** Ticks until it pings that one; others' pings are answered. */
    private SwimMessage.Ping passUntilPinged(NodeId target) {
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

    private List<SwimEffect> ack(NodeId from, long sequence) {
        return swim.received(from, new SwimMessage.Ack(sequence, news(from)), now);
    }

    @Test
    void aNewMemberIsSuspectAndAStrangerIsDown() {
        assertEquals(Liveness.SUSPECT, swim.liveness(B));
        assertEquals(Liveness.DOWN, swim.liveness(STRANGER));
        assertEquals(Liveness.ALIVE, swim.liveness(A));
        assertEquals(Optional.empty(), swim.address(B));
    }

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

    @Test
    void aMemberThatIsNeverHeardIsDownAfterTheLongestSuspicion() {
        List<SwimEffect> effects = pass(4000);

        assertEquals(3, changes(effects).size());
        assertTrue(changes(effects).contains(new SwimEffect.Changed(B, Liveness.SUSPECT, Liveness.DOWN)));
        assertEquals(List.of(), sent(SwimMessage.class, null, effects), "nobody said where they are");
    }

    @Test
    void whoeverSpeaksIsAliveWhereItSaysThatItIs() {
        List<SwimEffect> effects = hear(B);

        assertEquals(new SwimEffect.Moved(B, at(B)), effects.get(0));
        assertEquals(new SwimEffect.Changed(B, Liveness.SUSPECT, Liveness.ALIVE), effects.get(1));
        assertEquals(Optional.of(at(B)), swim.address(B));
        assertEquals(1, sent(SwimMessage.SyncRequest.class, B, effects).size(), "it may have heard of the others");
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
    void theAccuserOfASuspectIsKnown() {
        hear(B);
        assertEquals(Optional.empty(), swim.accuser(B));

        hear(C, suspect(B, 1, 0, D));

        assertEquals(Optional.of(D), swim.accuser(B));
        assertEquals(Optional.empty(), swim.accuser(STRANGER));
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

    @Test
    void aSuspectRefutesWithAHigherIncarnation() {
        hear(B, suspect(A, 5, 0, C));

        assertEquals(incarnation(5, 1), swim.incarnation());
        assertEquals(1, swim.healthScore(), "it may be slow");
        SwimMessage.Gossip gossip = sent(SwimMessage.Gossip.class, B, pass(200)).getFirst();
        assertEquals(incarnation(5, 1), gossip.news().sender().incarnation());
        hear(B, suspect(A, 5, 0, D));
        assertEquals(incarnation(5, 1), swim.incarnation(), "refuted once is enough");
    }

    @Test
    void whatWasSaidOfAnEarlierStartIsVoid() {
        hear(B, down(A, 4, 9), suspect(A, 4, 10, B));

        assertEquals(incarnation(5, 0), swim.incarnation());
    }

    /** A directory restored from a copy: the members heard of a later start. */
    @Test
    void aNodeRaisesItsIncarnationAboveALaterStartOfItself() {
        hear(B, alive(A, 7, 2));

        assertEquals(incarnation(7, 3), swim.incarnation());
    }

    @Test
    void whoeverSaysLessThanIsKnownOfItIsTold() {
        hear(B, alive(B, 6, 0));

        List<SwimEffect> effects = swim.received(B, new SwimMessage.Ping(1, A, 0, news(B)), now);

        assertEquals(
                alive(B, 6, 0),
                sent(SwimMessage.Ack.class, B, effects)
                        .getFirst()
                        .news()
                        .updates()
                        .getFirst());
    }

    @Test
    void aRestartedNodeIsAliveAtOnceWhenItSpeaks() {
        hear(B);
        hear(C, down(B, 1, 4));
        assertEquals(Liveness.DOWN, swim.liveness(B));
        var elsewhere = Update.alive(B, incarnation(2, 0), at(STRANGER), null);

        List<SwimEffect> effects = swim.received(B, new SwimMessage.Ping(1, A, 0, new News(elsewhere, List.of())), now);

        assertEquals(new SwimEffect.Moved(B, at(STRANGER)), effects.get(0));
        assertEquals(new SwimEffect.Changed(B, Liveness.DOWN, Liveness.ALIVE), effects.get(1));
        assertEquals(
                at(STRANGER),
                effects.stream()
                        .filter(SwimEffect.Send.class::isInstance)
                        .map(SwimEffect.Send.class::cast)
                        .findFirst()
                        .orElseThrow()
                        .address());
    }

    @Test
    void anAddressOfAnEarlierIncarnationIsVoid() {
        hear(B, Update.alive(C, incarnation(3, 0), at(D), null));

        assertEquals(
                List.of(),
                hear(D, alive(C, 2, 9)).stream()
                        .filter(SwimEffect.Moved.class::isInstance)
                        .filter(effect -> effect.equals(new SwimEffect.Moved(C, at(C))))
                        .toList());
        assertEquals(Optional.of(at(D)), swim.address(C));
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
    void aRefusedMemberIsSuspectAtOnceAndOneThatWasNeverHeardStaysSo() {
        hear(B);

        assertEquals(
                List.of(new SwimEffect.Changed(B, Liveness.ALIVE, Liveness.SUSPECT)), changes(swim.refused(B, now)));
        assertEquals(List.of(), swim.refused(B, now));
        assertEquals(List.of(), swim.refused(C, now));
        assertEquals(List.of(), swim.refused(STRANGER, now));
    }

    /** Lesson 12: gossip makes no members. */
    @Test
    void gossipAddsNobody() {
        hear(B, alive(STRANGER, 1, 0));

        assertEquals(Liveness.DOWN, swim.liveness(STRANGER));
        assertEquals(Optional.empty(), swim.address(STRANGER));
        pass(1000).stream()
                .filter(SwimEffect.Send.class::isInstance)
                .map(SwimEffect.Send.class::cast)
                .forEach(send -> assertFalse(send.message().news().updates().contains(alive(STRANGER, 1, 0))));
    }

    @Test
    void aStrangerIsToldOfThisNodeOnlyAndItsEpochIsHeard() {
        hearAll();
        Update sender = Update.alive(STRANGER, incarnation(1, 0), at(STRANGER), new Epoch(9));

        List<SwimEffect> effects =
                swim.received(STRANGER, new SwimMessage.Ping(3, A, 0, new News(sender, List.of(down(B, 1, 0)))), now);

        assertEquals(new SwimEffect.HigherEpoch(STRANGER, new Epoch(9)), effects.getFirst());
        assertEquals(2, effects.size());
        assertEquals(
                List.of(),
                sent(SwimMessage.Ack.class, STRANGER, effects).getFirst().news().updates());
        assertEquals(Liveness.ALIVE, swim.liveness(B));
    }

    @Test
    void aMessageInAnothersNameIsDropped() {
        assertEquals(List.of(), swim.received(B, new SwimMessage.Gossip(news(C)), now));
        assertEquals(List.of(), swim.received(A, new SwimMessage.Gossip(news(A)), now));
        assertEquals(Liveness.SUSPECT, swim.liveness(C));
    }

    @Test
    void aMemberThatTheMapNoLongerNamesIsForgotten() {
        hearAll();
        hear(C, suspect(B, 1, 0, C));

        swim.members(Set.of(A, C, D));

        assertEquals(Liveness.DOWN, swim.liveness(B));
        pass(3000).forEach(effect -> assertFalse(effect.toString().contains(B.toString()), effect::toString));
        swim.members(Set.of(A, B, C, D));
        assertEquals(Liveness.SUSPECT, swim.liveness(B));
        assertEquals(Optional.empty(), swim.address(B));
    }

    @Test
    void aHigherEpochIsToldUntilThisNodeHasIt() {
        swim.mapEpoch(new Epoch(3));
        var third = new SwimEffect.HigherEpoch(C, new Epoch(4));
        Update ofC = Update.alive(C, incarnation(1, 0), at(C), new Epoch(4));

        assertTrue(hear(B, ofC).contains(third));
        assertFalse(hear(B, ofC).contains(third), "not again by others");
        assertEquals(
                1,
                Collections.frequency(swim.received(C, new SwimMessage.Gossip(new News(ofC, List.of())), now), third));
        swim.mapEpoch(new Epoch(4));
        assertEquals(List.of(), swim.received(C, new SwimMessage.Gossip(new News(ofC, List.of())), now));
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
    void aSyncIsAnsweredWithWhatTheAskerDoesNotKnow() {
        hear(B, alive(C, 2, 0), suspect(D, 1, 3, C));

        List<SwimEffect> effects =
                swim.received(B, new SwimMessage.SyncRequest(news(B, alive(C, 2, 0), alive(D, 1, 3))), now);

        assertEquals(
                List.of(suspect(D, 1, 3, C)),
                sent(SwimMessage.SyncReply.class, B, effects).getFirst().news().updates());
    }

    /** Claims are totally ordered: the order in which they are heard does not matter. */
    @Test
    void whoeverHeardTheSameBelievesTheSame() {
        SeededProperty.forSeeds(300, random -> {
            var claims = new ArrayList<Update>();
            for (int i = 0; i < 12; i++) {
                int boot = 1 + random.nextInt(3);
                int counter = random.nextInt(3);
                claims.add(
                        switch (random.nextInt(3)) {
                            case 0 -> alive(C, boot, counter);
                            case 1 -> suspect(C, boot, counter, random.nextBoolean() ? B : D);
                            default -> down(C, boot, counter);
                        });
            }
            Swim one = machine(Set.of(A, B, C, D));
            Swim other = machine(Set.of(A, B, C, D));
            claims.forEach(claim -> one.received(B, new SwimMessage.Gossip(news(B, claim)), now));
            Collections.shuffle(claims, new Random(random.nextLong()));
            claims.forEach(claim -> other.received(B, new SwimMessage.Gossip(news(B, claim)), now));

            assertEquals(one.liveness(C), other.liveness(C), claims::toString);
        });
    }

    @Test
    void timeThatRunsBackwardsStandsStill() {
        hearAll();
        pass(500);
        assertEquals(List.of(), changes(swim.tick(now - 5000)));
        assertEquals(List.of(), changes(swim.tick(now)));
    }

    @Test
    void aHostThatIsTooLongIsRefusedAtTheStart() {
        var address = new NodeAddress("h".repeat(256), 1, 1);

        assertThrows(
                IllegalArgumentException.class,
                () -> new Swim(
                        new Swim.Identity(A, new BootId(1, 1), address),
                        SwimSettings.DEFAULT,
                        SeededProperty.GENERATORS.create(1),
                        0));
    }
}
