package io.dynamokv.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dynamokv.core.membership.SwimSettings;
import io.dynamokv.node.config.NodeConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each setting reaches the number of the machine that it is called after. */
class MembershipSettingsTest {
    private record Probe(Duration period, Duration timeout, int indirect, int healthScoreMax, Duration pause)
            implements NodeConfig.Probe {}

    private record Suspicion(int multiplier, Duration min, int confirmations) implements NodeConfig.Suspicion {}

    private record Gossip(
            Duration period, int fanout, int retransmitMultiplier, int messageBytesMax, Duration syncPeriod)
            implements NodeConfig.Gossip {}

    private record All(NodeConfig.Probe probe, NodeConfig.Suspicion suspicion, NodeConfig.Gossip gossip)
            implements NodeConfig.Membership {}

    private static All with(Duration probePeriod) {
        return new All(
                new Probe(probePeriod, Duration.ofMillis(401), 2, 7, Duration.ofMillis(1103)),
                new Suspicion(5, Duration.ofMillis(1204), 1),
                new Gossip(Duration.ofMillis(205), 4, 8, 1506, Duration.ofMillis(30_007)));
    }

    @Test
    void eachReachesItsPlace() {
        SwimSettings settings = MembershipSettings.of(with(Duration.ofMillis(1002)));

        assertEquals(new SwimSettings.Probing(1002, 401, 2, 7, 1103), settings.probing());
        assertEquals(new SwimSettings.Suspecting(5, 1204, 1), settings.suspecting());
        assertEquals(new SwimSettings.Gossiping(205, 4, 8, 1506, 30_007), settings.gossiping());
    }

    @Test
    void oneThatIsOutOfItsRangeIsNamedWithItsGroup() {
        All tooOften = with(Duration.ofMillis(19));

        assertEquals(
                "dynamokv.membership.probe cannot be used: periodMillis must be 20..60000, was 19",
                assertThrows(UnusableException.class, () -> MembershipSettings.of(tooOften))
                        .getMessage());
    }
}
