package io.dynamokv.local.kube;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.control.Claims;
import io.dynamokv.local.kube.control.ControlLoop;
import io.dynamokv.local.kube.control.DisruptionBudgets;
import io.dynamokv.local.kube.control.GarbageCollector;
import io.dynamokv.local.kube.control.Scheduler;
import io.dynamokv.local.kube.control.ServiceEndpoints;
import io.dynamokv.local.kube.control.StatefulSets;
import io.dynamokv.local.kube.http.ApiServer;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.kubelet.Kubelet;
import io.dynamokv.local.kube.kubelet.KubeletSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The whole: API, controllers and kubelet, with three machines in three zones. All objects are in memory and go with it. */
public final class LocalKubernetes implements AutoCloseable {
    private static final WriteOptions AGENT = WriteOptions.of("local-kubernetes");
    private static final List<String> ZONES = List.of("zone-a", "zone-b", "zone-c");

    private final Api api = new Api();
    private final Kubelet kubelet;
    private final ControlLoop controllers;
    private final Vertx vertx = Vertx.vertx();
    private final ApiServer server;

    private LocalKubernetes(KubeletSettings settings, int port) {
        kubelet = new Kubelet(api, settings);
        controllers = new ControlLoop(
                api,
                List.of(
                        new StatefulSets(api),
                        new Claims(api),
                        new Scheduler(api),
                        new ServiceEndpoints(api),
                        new DisruptionBudgets(api),
                        new GarbageCollector(api)));
        server = new ApiServer(vertx, api, kubelet, port);
    }

    /** @param port 0 for any */
    public static LocalKubernetes start(KubeletSettings settings, int port) {
        var kubernetes = new LocalKubernetes(settings, port);
        kubernetes.furnish();
        kubernetes.controllers.start();
        kubernetes.kubelet.start();
        kubernetes.server.start();
        return kubernetes;
    }

    private void furnish() {
        for (String name : List.of("default", "kube-system")) {
            api.create(BuiltIn.NAMESPACE, "", named(name), AGENT);
        }
        ObjectNode storage =
                named("standard").put("provisioner", "dynamokv.io/directory").put("allowVolumeExpansion", true);
        storage.withObjectProperty("metadata")
                .putObject("annotations")
                .put("storageclass.kubernetes.io/is-default-class", "true");
        api.create(BuiltIn.STORAGE_CLASS, "", storage, AGENT);
        for (int i = 0; i < ZONES.size(); i++) {
            ObjectNode node = named("node-" + (i + 1));
            node.withObjectProperty("metadata")
                    .putObject("labels")
                    .put("kubernetes.io/hostname", "node-" + (i + 1))
                    .put("topology.kubernetes.io/zone", ZONES.get(i));
            node.putObject("spec");
            api.create(BuiltIn.NODE, "", node, AGENT);
        }
    }

    private static ObjectNode named(String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", name);
        return object;
    }

    public Api api() {
        return api;
    }

    public ApiServer server() {
        return server;
    }

    public Kubelet kubelet() {
        return kubelet;
    }

    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** For kubectl, Helm and an operator. */
    public void writeKubeconfig(Path file) throws IOException {
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: local
                    cluster: {server: "%s"}
                users:
                  - name: local
                    user: {}
                contexts:
                  - name: local
                    context: {cluster: local, user: local, namespace: default}
                current-context: local
                """.formatted(url()));
    }

    @Override
    public void close() {
        server.close();
        controllers.close();
        kubelet.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
