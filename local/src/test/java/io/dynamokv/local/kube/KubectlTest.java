package io.dynamokv.local.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dynamokv.local.kube.kubelet.KubeletSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do with kubectl. */
class KubectlTest {
    private static final String CRD = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: things.example.io}
            spec:
              group: example.io
              scope: Namespaced
              names: {plural: things, singular: thing, kind: Thing, shortNames: [th]}
              versions:
                - name: v1
                  served: true
                  storage: true
                  additionalPrinterColumns:
                    - {name: Size, type: integer, jsonPath: .spec.size}
                    - {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'}
                  subresources:
                    status: {}
                    scale: {specReplicasPath: .spec.size, statusReplicasPath: .status.size}
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
                          type: object
                          properties:
                            size: {type: integer, default: 3, maximum: 9}
                        status:
                          type: object
                          properties:
                            size: {type: integer}
                            conditions:
                              type: array
                              items:
                                type: object
                                properties: {type: {type: string}, status: {type: string}}
            """;
    private static final String THING = """
            apiVersion: example.io/v1
            kind: Thing
            metadata: {name: one}
            spec: {size: 4}
            """;
    private static final String SET = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: demo}
            spec:
              replicas: 2
              serviceName: demo-nodes
              podManagementPolicy: Parallel
              selector: {matchLabels: {app: demo}}
              template:
                metadata: {labels: {app: demo}}
                spec:
                  containers: [{name: node, image: "dynamokv/node:missing"}]
            """;

    @TempDir
    private Path directory;

    private @Nullable LocalKubernetes kubernetes;
    private Kubectl kubectl = new Kubectl(Path.of("nowhere"));

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Kubectl.isInstalled(), "no kubectl on the PATH");
        kubernetes = LocalKubernetes.start(
                KubeletSettings.of(Path.of("..").toAbsolutePath().normalize(), directory.resolve("state")), 0);
        Path kubeconfig = directory.resolve("kubeconfig");
        kubernetes.writeKubeconfig(kubeconfig);
        kubectl = new Kubectl(kubeconfig);
    }

    @AfterEach
    void stop() {
        if (kubernetes != null) {
            kubernetes.close();
        }
    }

    @Test
    void customResourcesAreAppliedShownScaledAndDeleted() throws IOException, InterruptedException {
        kubectl.succeed(CRD, "apply", "-f", "-");
        kubectl.succeed("", "wait", "--for=condition=Established", "crd/things.example.io", "--timeout=5s");
        assertEquals("thing.example.io/one created\n", kubectl.succeed(THING, "apply", "-f", "-"));
        assertEquals("thing.example.io/one unchanged\n", kubectl.succeed(THING, "apply", "-f", "-"));
        assertEquals(
                "thing.example.io/one configured\n",
                kubectl.succeed(THING.replace("size: 4", "size: 5"), "apply", "-f", "-"));
        kubectl.succeed(
                "",
                "patch",
                "thing",
                "one",
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
        String table = kubectl.succeed("", "get", "th");
        assertTrue(table.matches("(?s)NAME +SIZE +READY +AGE\none +5 +True +\\d+s\n"), table);
        kubectl.succeed("", "wait", "--for=condition=Ready", "thing/one", "--timeout=5s");
        kubectl.succeed("", "scale", "thing/one", "--replicas=6");
        assertEquals("6", kubectl.succeed("", "get", "thing", "one", "-o", "jsonpath={.spec.size}"));
        assertTrue(kubectl.run(THING.replace("size: 4", "sise: 4"), "apply", "-f", "-")
                .text()
                .contains("unknown field \"spec.sise\""));
        assertTrue(kubectl.run(THING.replace("size: 4", "size: 10"), "apply", "-f", "-")
                .text()
                .contains("spec.size in body should be less than or equal to 9"));
        assertEquals(
                1,
                kubectl.run(THING.replace("size: 4", "size: 7"), "diff", "-f", "-")
                        .code());
        kubectl.succeed(THING, "apply", "--server-side", "--force-conflicts", "-f", "-");
        assertEquals("4", kubectl.succeed("", "get", "thing", "one", "-o", "jsonpath={.spec.size}"));
        kubectl.succeed("", "delete", "thing", "one");
        assertEquals(1, kubectl.run("", "get", "thing", "one").code());
    }

    @Test
    void objectsAreMadeByTheirCommands() throws IOException, InterruptedException {
        kubectl.succeed("", "create", "namespace", "shop");
        kubectl.succeed("", "create", "configmap", "settings", "--from-literal=a=b", "-n", "shop");
        kubectl.succeed("", "create", "secret", "generic", "keys", "--from-literal=k=v", "-n", "shop");
        assertEquals("b", kubectl.succeed("", "get", "cm", "settings", "-n", "shop", "-o", "jsonpath={.data.a}"));
        assertEquals("dg==", kubectl.succeed("", "get", "secret", "keys", "-n", "shop", "-o", "jsonpath={.data.k}"));
        kubectl.succeed("", "label", "cm", "settings", "x=y", "-n", "shop");
        assertTrue(kubectl.succeed("", "get", "cm", "-A", "-l", "x=y").contains("settings"));
        kubectl.succeed("", "delete", "namespace", "shop");
        assertEquals(1, kubectl.run("", "get", "namespace", "shop").code());
    }

    @Test
    void aStatefulSetWhosImageIsMissingSaysSoAndGoesWithItsPods() throws IOException, InterruptedException {
        kubectl.succeed(SET, "apply", "-f", "-");
        kubectl.succeed(
                "",
                "wait",
                "pod/demo-1",
                "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff",
                "--timeout=10s");
        assertTrue(kubectl.succeed("", "get", "pods").contains("demo-0"));
        assertTrue(kubectl.succeed("", "get", "pods", "-o", "wide").contains("node-2"));
        kubectl.succeed("", "scale", "sts", "demo", "--replicas=1");
        kubectl.succeed("", "wait", "--for=delete", "pod/demo-1", "--timeout=10s");
        kubectl.succeed("", "delete", "sts", "demo", "--cascade=foreground", "--timeout=10s");
        kubectl.succeed("", "wait", "--for=delete", "pod/demo-0", "--timeout=10s");
    }
}
