package io.dynamokv.operator.desired;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * All objects of a resource as text, so that a change of any of them is seen and reviewed. {@code -Ddynamokv.goldens.write=true} writes them
 * again.
 */
class GoldenTest {
    private static final Path DIRECTORY = Path.of("src", "test", "resources", "desired");
    private static final boolean WRITE = Boolean.getBoolean("dynamokv.goldens.write");

    @Test
    void theObjectsOfTheSmallestResource() throws IOException {
        Map<String, HasMetadata> objects = everyObject(Clusters.small());

        check("default", objects);
    }

    @Test
    void theObjectsOfAResourceThatSaysEverything() throws IOException {
        Map<String, HasMetadata> objects = everyObject(Clusters.full());
        DesiredAccess.ingress(Clusters.full()).ifPresent(ingress -> objects.put("ingress", ingress));

        check("full", objects);
    }

    private static Map<String, HasMetadata> everyObject(Wanted wanted) {
        Map<String, HasMetadata> objects = new LinkedHashMap<>();
        objects.put("statefulset", DesiredStatefulSet.of(wanted));
        objects.put("service-peers", DesiredServices.peers(wanted));
        objects.put("service-clients", DesiredServices.clients(wanted));
        objects.put("disruption-budget", DesiredData.disruptionBudget(wanted, true));
        objects.put("map", DesiredData.map(wanted, "{\"format\":1}", "1 1 abc\n"));
        objects.put("secret", DesiredData.secret(wanted, "1:00112233445566778899aabbccddeeff\n"));
        objects.put("network-policy", DesiredAccess.networkPolicy(wanted).orElseThrow());
        return objects;
    }

    private static void check(String resource, Map<String, HasMetadata> objects) throws IOException {
        for (Map.Entry<String, HasMetadata> object : objects.entrySet()) {
            Path file = DIRECTORY.resolve(resource).resolve(object.getKey() + ".yml");
            String text = Serialization.asYaml(object.getValue());
            if (WRITE) {
                Files.createDirectories(DIRECTORY.resolve(resource));
                Files.writeString(file, text);
            }
            assertEquals(
                    Files.readString(file),
                    text,
                    () -> file + " differs; if that is meant: ./mvnw -pl core,operator test -Dtest=GoldenTest"
                            + " -Dsurefire.failIfNoSpecifiedTests=false -Ddynamokv.goldens.write=true");
        }
    }
}
