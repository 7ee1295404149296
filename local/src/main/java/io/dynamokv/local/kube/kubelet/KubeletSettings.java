package io.dynamokv.local.kube.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How pods are run.
 *
 * @param home where the project is built: every image that can be pulled stands for its node
 * @param state volumes, logs and the hosts file
 * @param isMissing images that no registry has
 * @param nodeSettings of every node, beyond what its pod says; names without their prefix
 * @param probeEvery probes come as often as the pod says, or as often as this if that is more often
 * @param preStopMax a pod's sleep before its end is cut to this
 * @param backOff the first pause before a crashed container is started again; it doubles up to ten times this
 */
public record KubeletSettings(
        Path home,
        Path state,
        Predicate<String> isMissing,
        Map<String, String> nodeSettings,
        Duration probeEvery,
        Duration preStopMax,
        Duration backOff) {

    public KubeletSettings {
        nodeSettings = Map.copyOf(nodeSettings);
    }

    /** An image with the tag {@code missing} is missing. */
    public static KubeletSettings of(Path home, Path state) {
        return new KubeletSettings(
                home,
                state,
                image -> image.endsWith(":missing"),
                Map.of("stop-when-stdin-closes", "true", "shards", "1", "storage.disk-used-percent-max", "97"),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1));
    }
}
