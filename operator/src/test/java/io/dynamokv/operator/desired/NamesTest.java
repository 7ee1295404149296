package io.dynamokv.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamesTest {
    private static final int LABEL_LENGTH_MAX = 63;

    private final Names longest = new Names("shop", "c".repeat(40));

    @Test
    void theLongestClusterNameLeavesRoomForEveryName() {
        Stream.of(
                        longest.statefulSet(),
                        longest.peerService(),
                        longest.clientService(),
                        longest.map(),
                        longest.secret(),
                        longest.pod(99),
                        longest.claim(99),
                        // What a StatefulSet's controller puts on its pods as a label.
                        longest.statefulSet() + "-" + "0123456789")
                .forEach(name -> assertTrue(name.length() <= LABEL_LENGTH_MAX, name));
    }

    @Test
    void ordinalsAreReadFromPodsAndClaims() {
        Names names = new Names("shop", "demo-2");

        assertEquals(Optional.of(7), Names.ordinal(names.pod(7)));
        assertEquals(Optional.of(12), Names.ordinal(names.claim(12)));
        assertEquals(Optional.empty(), Names.ordinal("demo"));
        assertEquals(Optional.empty(), Names.ordinal("demo-"));
        assertEquals(Optional.empty(), Names.ordinal("demo-x"));
    }

    @Test
    void theSelectorsTextIsWhatKubectlTakes() {
        assertEquals(
                "app.kubernetes.io/component=node,app.kubernetes.io/instance=demo,app.kubernetes.io/name=dynamokv",
                new Names("shop", "demo").selectorText());
    }

    @Test
    void twoClustersOfOneNamespaceShareNoPods() {
        assertTrue(!new Names("shop", "a")
                .labels()
                .entrySet()
                .containsAll(new Names("shop", "b").selector().entrySet()));
    }
}
