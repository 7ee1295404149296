package io.dynamokv.core.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom a machine knows: the members that the map names, whoever else speaks; and whose map is newer. */
class SwimMembersTest extends OneSwim {
    @Test
    void aNewMemberIsSuspectAndAStrangerIsDown() {
        assertEquals(Liveness.SUSPECT, swim.liveness(B));
        assertEquals(Liveness.DOWN, swim.liveness(STRANGER));
        assertEquals(Liveness.ALIVE, swim.liveness(A));
        assertEquals(Optional.empty(), swim.address(B));
    }

    @Test
    void aMemberThatIsNeverHeardIsDownAfterTheLongestSuspicion() {
        List<SwimEffect> effects = pass(4000);

        assertEquals(3, changes(effects).size());
        assertTrue(changes(effects).contains(new SwimEffect.Changed(B, Liveness.SUSPECT, Liveness.DOWN)));
        assertEquals(List.of(), sent(SwimMessage.class, null, effects), "nobody said where they are");
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
