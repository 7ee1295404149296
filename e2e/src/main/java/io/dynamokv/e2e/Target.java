package io.dynamokv.e2e;

import java.nio.file.Path;
import java.util.Optional;

/** The cluster to play on. */
interface Target extends AutoCloseable {
    Path kubeconfig();

    @Override
    void close();

    static Target of(Optional<Path> kubeconfig, Path home, String images, String tag) {
        return kubeconfig.<Target>map(Given::new).orElseGet(() -> K3s.start(home, images, tag));
    }

    /** One that runs already. */
    record Given(Path kubeconfig) implements Target {
        @Override
        public void close() {}
    }
}
