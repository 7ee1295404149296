package io.dynamokv.helm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Helm itself reads the chart. The goldens are what it makes of {@code src/test/goldens/NAME.values.yaml}; {@code -Dgoldens.write=true}
 * writes them again, and the difference is for a person to judge.
 */
class ChartTest {
    private static final Path CHART = Path.of("dynamokv");
    private static final Path GOLDENS = Path.of("src/test/goldens");
    private static final String KUBERNETES = "1.34.4";

    @TempDir
    Path directory;

    @Test
    void lintFindsNothing() {
        var result = new Helm(CHART).lint().strict().call();
        assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
    }

    @Test
    void carriesTheCrdAsTheOperatorsClassesMakeIt() throws IOException {
        String name = "dynamoclusters.dynamokv.io-v1.yml";
        assertEquals(
                Files.readString(Path.of("../crds").resolve(name)),
                Files.readString(CHART.resolve("crds").resolve(name)),
                "copy crds/" + name + " to helm/dynamokv/crds/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "everything", "one-namespace"})
    void templatesAreThoseOfTheGolden(String name) throws IOException {
        String made = template(GOLDENS.resolve(name + ".values.yaml")).call();
        Path golden = GOLDENS.resolve(name + ".yaml");
        if (Boolean.getBoolean("goldens.write")) {
            Files.writeString(golden, made);
        }
        assertEquals(Files.readString(golden), made, "if this is meant: -Dgoldens.write=true writes the goldens again");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            operator: {replicas: -1}                      | /operator/replicas
            operator: {watchNamespaces: [Not_A_Name]}     | /operator/watchNamespaces
            operator: {image: {pullPolicy: Perhaps}}      | /operator/image/pullPolicy
            operator: {replica: 2}                        | replica
            node: {image: {repository: ''}}               | /node/image/repository
            cluster: {name: Carts}                        | /cluster/name
            cluster: {replicas: 0}                        | /cluster/replicas
            cluster: {storage: {size: 10}}                | /cluster/storage/size
            cluster: {storage: {size: lots}}              | /cluster/storage/size
            cluster: {spec: {replicas: 5}}                | /cluster/spec
            cart: {answerTimeout: soon}                   | /cart/answerTimeout
            cart: {bodyMax: 2 MB}                         | /cart/bodyMax
            cart: {nodes: 'a; return 200'}                | /cart/nodes
            ingress: {host: 'https://cart.example'}       | /ingress/host
            ingress: {tls: true}                          | /ingress/tls
            """)
    void badValuesAreNamed(String values, String named) throws IOException {
        Path file = Files.writeString(directory.resolve("values.yaml"), values);
        TemplateCommand command = template(file);
        String message = String.valueOf(
                assertThrows(RuntimeException.class, command::call).getMessage());
        assertTrue(message.contains(named), () -> "expected " + named + " in: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cluster: {enabled: true, spec: {ring: {partitions: 64}, paused: true}}",
                "cart: {enabled: false}",
                "cart: {nodes: 'store-a.other.svc store-b.other.svc'}",
                "ingress: {enabled: true, host: '*.example.org', tls: {enabled: true}}",
                "imagePullSecrets: [registry]",
            })
    void goodValuesAreTaken(String values) throws IOException {
        Path file = Files.writeString(directory.resolve("values.yaml"), values);
        assertTrue(template(file).call().contains("kind: Deployment"));
    }

    @Test
    void anOperatorOfOneNamespaceHasNoRightsInOthersButTheZones() throws IOException {
        String made = template(GOLDENS.resolve("one-namespace.values.yaml")).call();
        assertEquals(1, made.split("kind: ClusterRole\n", -1).length - 1);
        assertFalse(made.contains("JOSDK_ALL_NAMESPACES"));
    }

    private static TemplateCommand template(Path values) {
        return new Helm(CHART)
                .template()
                .withName("dynamokv")
                .withNamespace("shop")
                .withKubeVersion(KUBERNETES)
                .skipCrds()
                .withValuesFile(values);
    }
}
