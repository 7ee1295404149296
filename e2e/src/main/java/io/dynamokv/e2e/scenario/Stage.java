package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Commands;
import io.dynamokv.e2e.cluster.Faults;
import io.dynamokv.e2e.cluster.Helm;
import io.dynamokv.e2e.cluster.Kube;
import io.dynamokv.e2e.load.SteadyLoad;
import io.dynamokv.e2e.load.StoreClient;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * All that scenarios share: the hands on the cluster, the names in it, and the load on the sample cluster.
 *
 * @param entrance where the Ingress answers, asked once there is one
 */
public record Stage(
        Kube kube,
        Helm helm,
        Faults faults,
        Commands commands,
        Path home,
        Path kubeconfig,
        String namespace,
        String host,
        Images images,
        Function<Kube, URI> entrance,
        Running running) {
    public static final String RELEASE = "dynamokv";
    public static final String CLUSTER = "carts";

    /** @param nextNode another name of the node's image, for the rolling update */
    public record Images(String prefix, String tag, Optional<String> nextNode) {
        public String node() {
            return prefix + "-node:" + tag;
        }
    }

    /** What exists from the first scenario on. */
    public static final class Running {
        private Optional<SteadyLoad> load = Optional.empty();

        public Optional<SteadyLoad> load() {
            return load;
        }

        void begin(SteadyLoad started) {
            load = Optional.of(started);
        }
    }

    Map<String, String> values() {
        var values = new HashMap<String, String>();
        values.put("operator.image.repository", images.prefix() + "-operator");
        values.put("operator.image.tag", images.tag());
        values.put("node.image.repository", images.prefix() + "-node");
        values.put("node.image.tag", images.tag());
        values.put("cart.image.repository", images.prefix() + "-cart");
        values.put("cart.image.tag", images.tag());
        values.put("cluster.enabled", "true");
        values.put("cluster.name", CLUSTER);
        values.put("cluster.replicas", "3");
        values.put("cluster.storage.size", "1Gi");
        values.put("ingress.enabled", "true");
        values.put("ingress.host", host);
        return values;
    }

    StoreClient storeClient() {
        return new StoreClient(entrance.apply(kube), host);
    }

    void startLoad() {
        var load = new SteadyLoad(storeClient());
        load.start();
        running.begin(load);
    }

    public List<Pod> operatorPods() {
        return kube.client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", RELEASE)
                .withLabel("app.kubernetes.io/component", "operator")
                .list()
                .getItems();
    }

    /** The shortest resource that is useful, and what a scenario adds to its spec. */
    static String resource(String name, String... specLines) {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: dynamokv.io/v1
                kind: DynamoCluster
                metadata:
                  name: %s
                spec:
                  replicas: 3
                  storage:
                    size: 1Gi
                """.formatted(name));
        for (String line : specLines) {
            yaml.append("  ").append(line).append('\n');
        }
        return yaml.toString();
    }

    /** Changes the sample cluster as {@code kubectl patch} would: whoever writes the status meanwhile is not in the way. */
    void edit(String field, Object value) {
        String patch = kube.client().getKubernetesSerialization().asJson(Map.of("spec", Map.of(field, value)));
        kube.dynamoClusters()
                .inNamespace(namespace)
                .withName(CLUSTER)
                .patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }
}
