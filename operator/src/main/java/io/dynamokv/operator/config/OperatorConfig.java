package io.dynamokv.operator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The settings of the operator's process, under {@code dynamokv.operator}. */
@ConfigMapping(prefix = "dynamokv.operator")
public interface OperatorConfig {
    /** The nodes' image where a resource names none. */
    @WithDefault("dynamokv-node:dev")
    String nodeImage();

    /** Where the operator's own pods are; the nodes' network policy lets them in, and its lease is there. */
    @WithDefault("default")
    String namespace();

    /** Whether several operators share the work by one leading. */
    @WithDefault("false")
    boolean leaderElection();

    /** Whether the CRD in the API server is replaced by the one that this operator was built with, at each start. */
    @WithDefault("false")
    boolean crdUpgrade();

    /** False for a run that only loads its classes, as that which trains the image's cache. */
    @WithDefault("true")
    boolean start();

    /** When what is waited for is looked at again. Only what no event of Kubernetes tells is waited for like this. */
    @WithDefault("1s")
    Duration recheck();

    /** When a steady cluster's nodes are asked again how they are. */
    @WithDefault("60s")
    Duration resync();
}
