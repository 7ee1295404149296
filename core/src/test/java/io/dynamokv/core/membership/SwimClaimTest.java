package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.Liveness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a machine believes of what it is told: claims are ordered by incarnations, and a suspect refutes (SWIM 4.1, 4.2). */
class SwimClaimTest extends OneSwim {
    @Test
    void whoeverSpeaksIsAliveWhereItSaysThatItIs() {
        List<SwimEffect> effects = hear(B);

        assertEquals(new SwimEffect.Moved(B, at(B)), effects.get(0));
        assertEquals(new SwimEffect.Changed(B, Liveness.SUSPECT, Liveness.ALIVE), effects.get(1));
        assertEquals(Optional.of(at(B)), swim.address(B));
        assertEquals(1, sent(SwimMessage.SyncRequest.class, B, effects).size(), "it may have heard of the others");
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

    @Test
    void aRefusedMemberIsSuspectAtOnceAndOneThatWasNeverHeardStaysSo() {
        hear(B);

        assertEquals(
                List.of(new SwimEffect.Changed(B, Liveness.ALIVE, Liveness.SUSPECT)), changes(swim.refused(B, now)));
        assertEquals(List.of(), swim.refused(B, now));
        assertEquals(List.of(), swim.refused(C, now));
        assertEquals(List.of(), swim.refused(STRANGER, now));
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
}
