package io.dynamokv.node.app;

import io.dynamokv.core.reaping.ReapSettings;
import io.dynamokv.core.version.SupersededId;
import io.dynamokv.node.config.NodeConfig;
import io.dynamokv.node.runtime.OnItsWay;
import io.dynamokv.node.transport.TransportSettings;

/** When tombstones go, as {@code dynamokv.timing} has it. */
final class ReapingSettings {
    private ReapingSettings() {}

    /**
     * A tombstone that went takes the ids of the deleted requests with it (rule W4): 1. a write is executed, and its answer is lost; 2. its value is
     * read and deleted; 3. the tombstone goes; 4. the write is repeated, and what was deleted is back. And one that went too soon after its first proof
     * meets what was on its way then (rules T1, T2).
     *
     * @throws UnusableException if a tombstone could go before that; names the setting and the limit
     */
    static ReapSettings of(NodeConfig.Timing timing) {
        long repeatsMillis = timing.repeats().toMillis();
        long ageMillis = timing.tombstoneAge().toMillis();
        if (repeatsMillis < 1 || repeatsMillis > SupersededId.KEPT_MILLIS) {
            throw new UnusableException("dynamokv.timing.repeats must be 1 to " + SupersededId.KEPT_MILLIS
                    + " ms, for so long a record knows what it was written by, was " + repeatsMillis + " ms");
        }
        if (ageMillis <= repeatsMillis) {
            throw new UnusableException("dynamokv.timing.tombstone-age must be longer than dynamokv.timing.repeats, "
                    + repeatsMillis + " ms, or a repeat would bring back what was deleted; was " + ageMillis + " ms");
        }
        long settleMillis = timing.reapSettle().toMillis();
        long onItsWayMillis =
                OnItsWay.millisMax(timing.request().toMillis(), TransportSettings.DEFAULT.messageMillisMax());
        if (settleMillis <= onItsWayMillis || settleMillis > Integer.MAX_VALUE) {
            throw new UnusableException("dynamokv.timing.reap-settle must be longer than " + onItsWayMillis
                    + " ms, for so long what was read before a delete may be on its way, was " + settleMillis + " ms");
        }
        return ReapSettings.DEFAULT.with(ageMillis, Math.toIntExact(settleMillis));
    }
}
