package io.dynamokv.core.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdentityTest {
    @Test
    void theOrderOfNodesIsThatOfTheirTexts() {
        SeededProperty.forSeeds(500, random -> {
            var a = new NodeId(new UUID(random.nextLong(), random.nextLong()));
            var b = random.nextBoolean()
                    ? new NodeId(new UUID(a.value().getMostSignificantBits(), random.nextLong()))
                    : new NodeId(new UUID(random.nextLong(), random.nextLong()));
            assertEquals(
                    Integer.signum(a.toString().compareTo(b.toString())),
                    Integer.signum(a.compareTo(b)),
                    () -> a + " " + b);
            assertEquals(a, NodeId.parse(a.toString()));
        });
    }

    @Test
    void epochsRiseFromOneAndNeverWrap() {
        assertTrue(Epoch.FIRST.next().isAfter(Epoch.FIRST));
        assertTrue(Epoch.FIRST.isBefore(new Epoch(2)));
        assertFalse(Epoch.FIRST.isAfter(Epoch.FIRST));
        assertThrows(IllegalArgumentException.class, () -> new Epoch(0));
        assertThrows(ArithmeticException.class, () -> new Epoch(Long.MAX_VALUE).next());
    }

    /** Rule N3. */
    @Test
    void aBootNumberIsAtLeastOne() {
        assertThrows(IllegalArgumentException.class, () -> new BootId(0, 7));
    }

    @Test
    void anAddressNamesTheFieldThatIsWrong() {
        assertEquals(
                "peerPort must be 1..65535, was 0",
                assertThrows(IllegalArgumentException.class, () -> new NodeAddress("h", 0, 1))
                        .getMessage());
        assertEquals(
                "httpPort must be 1..65535, was 65536",
                assertThrows(IllegalArgumentException.class, () -> new NodeAddress("h", 1, 65_536))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new NodeAddress(" ", 1, 1));
    }
}
