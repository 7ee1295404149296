package io.dynamokv.local.kube.kubelet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where what belongs to pods lies. */
final class Directories {
    private final Path state;

    Directories(Path state) {
        this.state = state.toAbsolutePath();
    }

    /** Outlives pods, as long as its claim is there. */
    Path claim(String claimUid) {
        return state.resolve("volumes").resolve(claimUid);
    }

    /** Goes with the pod. */
    Path pod(String podUid) {
        return state.resolve("pods").resolve(podUid);
    }

    /** Of all pods of a name, one after the other. */
    Path log(String namespace, String pod) {
        return state.resolve("logs").resolve(namespace).resolve(pod);
    }

    Path hosts() {
        return state.resolve("hosts");
    }

    List<Path> claims() throws IOException {
        Path volumes = state.resolve("volumes");
        if (!Files.exists(volumes)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(volumes)) {
            return found.toList();
        }
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> below = Files.walk(directory)) {
            for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
