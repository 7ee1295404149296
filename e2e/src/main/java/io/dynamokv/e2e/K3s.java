package io.dynamokv.e2e;

import io.dynamokv.e2e.cluster.Commands;
import io.dynamokv.e2e.cluster.FailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A cluster of one node in a container, with the project's images loaded into it. */
final class K3s implements Target {
    private static final DockerImageName IMAGE = DockerImageName.parse("rancher/k3s:v1.34.1-k3s1");
    private static final String IMAGES_IN_CONTAINER = "/tmp/dynamokv-images.tar";

    private final K3sContainer container;
    private final Path kubeconfig;

    private K3s(K3sContainer container, Path kubeconfig) {
        this.container = container;
        this.kubeconfig = kubeconfig;
    }

    static K3s start(Path home, String images, String tag) {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new FailedException("no --kubeconfig was given, and no Docker engine answers to start K3s in");
        }
        var container = new K3sContainer(IMAGE);
        try {
            container.start();
            var started = new K3s(container, keep(container.getKubeConfigYaml()));
            started.load(home, images, tag);
            return started;
        } catch (RuntimeException e) {
            container.stop();
            throw e;
        }
    }

    private static Path keep(String kubeconfig) {
        try {
            return Files.writeString(Files.createTempFile("dynamokv-k3s", ".yaml"), kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the kubeconfig", e);
        }
    }

    private void load(Path home, String images, String tag) {
        try {
            Path archive = Files.createTempFile("dynamokv-images", ".tar");
            try {
                new Commands(home, Map.of())
                        .must(List.of(
                                "docker",
                                "save",
                                "--output",
                                archive.toString(),
                                images + "-node:" + tag,
                                images + "-operator:" + tag,
                                images + "-cart:" + tag));
                container.copyFileToContainer(MountableFile.forHostPath(archive), IMAGES_IN_CONTAINER);
            } finally {
                Files.delete(archive);
            }
            Container.ExecResult imported =
                    container.execInContainer("ctr", "--namespace", "k8s.io", "images", "import", IMAGES_IN_CONTAINER);
            if (imported.getExitCode() != 0) {
                throw new FailedException("the images could not be loaded into K3s: " + imported.getStderr());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the images could not be loaded into K3s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailedException("interrupted while K3s started", e);
        }
    }

    @Override
    public Path kubeconfig() {
        return kubeconfig;
    }

    @Override
    public void close() {
        container.stop();
    }
}
