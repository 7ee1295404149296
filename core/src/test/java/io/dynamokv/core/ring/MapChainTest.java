package io.dynamokv.core.ring;

import static io.dynamokv.core.ring.RingFixtures.SOME_HASH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.cluster.Epoch;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Chains and their text (rule M1). */
class MapChainTest {
    private static final String OTHER_HASH = "f".repeat(64);

    private static ChainLink link(long epoch, long term, String hash) {
        return new ChainLink(new Epoch(epoch), term, hash);
    }

    @Test
    void comesBackFromItsText() {
        var chain = new MapChain(List.of(link(3, 1, SOME_HASH), link(5, 2, OTHER_HASH)));

        assertEquals("3 1 " + SOME_HASH + "\n5 2 " + OTHER_HASH + "\n", chain.format());
        assertEquals(chain, MapChain.parse(chain.format()));
        assertEquals(MapChain.EMPTY, MapChain.parse(""));
    }

    @Test
    void aTextThatIsNoneIsRefusedWithItsLine() {
        String good = "3 1 " + SOME_HASH + "\n";
        assertRefused("the last line is cut off", () -> MapChain.parse("3 1 " + SOME_HASH));
        for (String bad : List.of("x\n", "4 1\n", "4 1 abc\n", "4 -1 " + SOME_HASH + "\n", "\n")) {
            assertRefused("line 2 is not 'epoch term hash'", () -> MapChain.parse(good + bad));
        }
    }

    @Test
    void epochsGoUpAndTermsNeverDown() {
        assertRefused("epoch 3 stands behind 3", () -> MapChain.parse(("3 1 " + SOME_HASH + "\n").repeat(2)));
        assertRefused(
                "term 1 of epoch 4 stands behind term 2",
                () -> new MapChain(List.of(link(3, 2, SOME_HASH), link(4, 1, OTHER_HASH))));
        assertRefused("hash must be 64 hexadecimal digits", () -> link(1, 1, "abc"));
        assertRefused("term must be at least 1", () -> link(1, 0, SOME_HASH));
    }

    @Test
    void isCutAndContinued() {
        var chain = new MapChain(List.of(link(3, 1, SOME_HASH), link(4, 1, SOME_HASH)));
        var other = new MapChain(List.of(link(4, 2, OTHER_HASH), link(5, 2, OTHER_HASH)));

        MapChain joined = chain.upTo(new Epoch(3), other);

        assertEquals(
                "[3, 4, 5]",
                joined.links().stream().map(ChainLink::epoch).toList().toString());
        assertEquals(Optional.of(link(4, 2, OTHER_HASH)), joined.at(new Epoch(4)));
        assertEquals(Optional.of(link(5, 2, OTHER_HASH)), joined.newest());
        assertEquals(Optional.empty(), joined.at(new Epoch(6)));
    }

    @Test
    void aMapStandsBehindWhatCameBefore() {
        ClusterMap first = RingFixtures.map(RingFixtures.membersOfOneZone(1), RingFixtures.nodes(1));
        ClusterMap second = first.nextTerm();
        var both = new MapChain(List.of(ChainLink.of(first), ChainLink.of(second)));

        assertEquals(both, MapChain.of(first).and(second));
        assertEquals(both, both.and(second));
        assertEquals(MapChain.of(first), both.and(first));
    }

    private static void assertRefused(String part, Executable action) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
        assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
    }
}
