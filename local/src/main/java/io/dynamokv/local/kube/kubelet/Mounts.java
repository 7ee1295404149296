package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pod's volumes as directories. A process has no file system of its own, so the paths of its container are put in place where they are told
 * to it: in the values of its environment.
 */
final class Mounts {
    private final Map<String, Path> directoryByMountPath;

    private Mounts(Map<String, Path> directoryByMountPath) {
        this.directoryByMountPath = directoryByMountPath;
    }

    /** Makes and fills the directories. */
    static Mounts of(Api api, Directories directories, JsonNode pod, JsonNode container)
            throws IOException, NotReadyException {
        Map<String, Path> mounts = new TreeMap<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (JsonNode mount : container.path("volumeMounts")) {
            String name = mount.path("name").asText();
            JsonNode volume = pod.path("spec")
                    .path("volumes")
                    .valueStream()
                    .filter(one -> one.path("name").asText().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new NotReadyException("CreateContainerConfigError", "no volume " + name));
            Path directory = directory(api, directories, pod, volume)
                    .resolve(mount.path("subPath").asText(""));
            Files.createDirectories(directory);
            mounts.put(mount.path("mountPath").asText(), directory);
        }
        return new Mounts(mounts);
    }

    private static Path directory(Api api, Directories directories, JsonNode pod, JsonNode volume)
            throws IOException, NotReadyException {
        Path own = directories.pod(Meta.uid(pod)).resolve(volume.path("name").asText());
        String namespace = Meta.namespace(pod);
        if (volume.has("persistentVolumeClaim")) {
            String name = volume.path("persistentVolumeClaim").path("claimName").asText();
            ObjectNode claim = api.find(BuiltIn.CLAIM, namespace, name)
                    .filter(found -> found.path("status").path("phase").asText().equals("Bound"))
                    .orElseThrow(() -> new NotReadyException("ContainerCreating", "claim " + name + " is not bound"));
            return directories.claim(Meta.uid(claim));
        }
        if (volume.has("secret")) {
            String name = volume.path("secret").path("secretName").asText();
            ObjectNode secret = api.find(BuiltIn.SECRET, namespace, name)
                    .orElseThrow(() -> new NotReadyException("ContainerCreating", "secret \"" + name + "\" not found"));
            for (Map.Entry<String, JsonNode> entry : secret.path("data").properties()) {
                write(
                        own.resolve(entry.getKey()),
                        Base64.getDecoder().decode(entry.getValue().asText()));
            }
        } else if (volume.has("configMap")) {
            String name = volume.path("configMap").path("name").asText();
            ObjectNode map = api.find(BuiltIn.CONFIG_MAP, namespace, name)
                    .orElseThrow(
                            () -> new NotReadyException("ContainerCreating", "configmap \"" + name + "\" not found"));
            for (Map.Entry<String, JsonNode> entry : map.path("data").properties()) {
                write(own.resolve(entry.getKey()), entry.getValue().asText().getBytes(StandardCharsets.UTF_8));
            }
        } else if (!volume.has("emptyDir")) {
            throw new NotReadyException(
                    "CreateContainerConfigError", "only claims, secrets, configMaps and emptyDirs can be mounted");
        }
        return own;
    }

    private static void write(Path file, byte[] content) throws IOException {
        Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
        Files.write(file, content);
    }

    /** A value in which a path of the container is one of this machine. */
    String mapped(String value) {
        for (Map.Entry<String, Path> mount : directoryByMountPath.entrySet()) {
            if (value.equals(mount.getKey())) {
                return mount.getValue().toString();
            }
            if (value.startsWith(mount.getKey() + "/")) {
                return mount.getValue()
                        .resolve(value.substring(mount.getKey().length() + 1))
                        .toString();
            }
        }
        return value;
    }
}
