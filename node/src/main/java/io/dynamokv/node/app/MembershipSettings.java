package io.dynamokv.node.app;

import io.dynamokv.core.membership.SwimSettings;
import io.dynamokv.node.config.NodeConfig;
import java.time.Duration;
import java.util.function.Supplier;

/** {@code dynamokv.membership} as the machine takes it. */
final class MembershipSettings {
    private static final String PREFIX = "dynamokv.membership.";

    private MembershipSettings() {}

    /** @throws UnusableException if a number is out of its range; names it */
    static SwimSettings of(NodeConfig.Membership config) {
        var probe = config.probe();
        var suspicion = config.suspicion();
        var gossip = config.gossip();
        return new SwimSettings(
                checked(
                        "probe",
                        () -> new SwimSettings.Probing(
                                millis(probe.period()),
                                millis(probe.timeout()),
                                probe.indirect(),
                                probe.healthScoreMax(),
                                millis(probe.pause()))),
                checked(
                        "suspicion",
                        () -> new SwimSettings.Suspecting(
                                suspicion.multiplier(), millis(suspicion.min()), suspicion.confirmations())),
                checked(
                        "gossip",
                        () -> new SwimSettings.Gossiping(
                                millis(gossip.period()),
                                gossip.fanout(),
                                gossip.retransmitMultiplier(),
                                gossip.messageBytesMax(),
                                millis(gossip.syncPeriod()))));
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    private static <T> T checked(String group, Supplier<T> settings) {
        try {
            return settings.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UnusableException(PREFIX + group + " cannot be used: " + e.getMessage(), e);
        }
    }
}
