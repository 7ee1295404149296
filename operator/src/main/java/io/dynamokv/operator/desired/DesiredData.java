package io.dynamokv.operator.desired;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.Map;
import java.util.TreeMap;

/** The map, the secret, and how many pods may be away at the same time. */
public final class DesiredData {
    private DesiredData() {}

    public static ConfigMap map(Wanted wanted, String mapJson, String chain) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.likeTheData(wanted, wanted.names().map()))
                .withData(new TreeMap<>(Map.of(Names.MAP_KEY, mapJson, Names.CHAIN_KEY, chain)))
                .build();
    }

    public static Secret secret(Wanted wanted, String lines) {
        return new SecretBuilder()
                .withMetadata(Metadata.likeTheData(wanted, wanted.names().secret()))
                .withType("Opaque")
                .withStringData(Map.of(Names.SECRET_KEY, lines))
                .build();
    }

    /** @param mayGo whether one pod may be evicted now */
    public static PodDisruptionBudget disruptionBudget(Wanted wanted, boolean mayGo) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(Metadata.owned(wanted, wanted.names().disruptionBudget()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(mayGo ? 1 : 0))
                .withSelector(wanted.names().labelSelector())
                .endSpec()
                .build();
    }
}
