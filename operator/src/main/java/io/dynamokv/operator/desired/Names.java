package io.dynamokv.operator.desired;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Every name and label of a cluster's objects. */
public record Names(String namespace, String cluster) {
    public static final String NAME_LABEL = "app.kubernetes.io/name";
    public static final String INSTANCE_LABEL = "app.kubernetes.io/instance";
    public static final String COMPONENT_LABEL = "app.kubernetes.io/component";
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
    public static final String OPERATOR = "dynamokv-operator";
    public static final String REVISION_LABEL = "controller-revision-hash";
    public static final String CONTAINER = "node";
    public static final String DATA_VOLUME = "data";
    public static final String MAP_KEY = "map.json";
    public static final String CHAIN_KEY = "chain";
    public static final String SECRET_KEY = "secret";
    public static final int HTTP_PORT = 8080;
    public static final int ADMIN_PORT = 9000;
    public static final int PEER_PORT = 7000;

    public String statefulSet() {
        return cluster;
    }

    public String clientService() {
        return cluster;
    }

    public String peerService() {
        return cluster + "-nodes";
    }

    public String disruptionBudget() {
        return cluster;
    }

    public String networkPolicy() {
        return cluster;
    }

    public String ingress() {
        return cluster;
    }

    public String map() {
        return cluster + "-map";
    }

    public String secret() {
        return cluster + "-secret";
    }

    public String pod(int ordinal) {
        return cluster + "-" + ordinal;
    }

    public String claim(int ordinal) {
        return DATA_VOLUME + "-" + pod(ordinal);
    }

    /** The name by which other pods find this one, wherever it is. */
    public String host(String pod) {
        return pod + "." + peerService() + "." + namespace + ".svc";
    }

    /** What tells a cluster's pods from all others; it never changes. */
    public Map<String, String> selector() {
        return Map.of(NAME_LABEL, "dynamokv", INSTANCE_LABEL, cluster, COMPONENT_LABEL, "node");
    }

    public LabelSelector labelSelector() {
        return new LabelSelectorBuilder()
                .withMatchLabels(new TreeMap<>(selector()))
                .build();
    }

    public String selectorText() {
        return new TreeMap<>(selector())
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(","));
    }

    public Map<String, String> labels() {
        var labels = new TreeMap<>(selector());
        labels.put(MANAGED_BY_LABEL, OPERATOR);
        return labels;
    }

    /** The ordinal in a pod's or claim's name. */
    public static Optional<Integer> ordinal(String name) {
        String digits = name.substring(name.lastIndexOf('-') + 1);
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Optional.of(Integer.parseInt(digits)) : Optional.empty();
    }
}
