package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.local.process.NodeProcess;
import java.time.Duration;
import java.util.Optional;

/** One run of a container: its process and its probes. */
final class Container {
    private final NodeProcess process;
    private final Optional<Probe> startup;
    private final Optional<Probe> liveness;
    private final Optional<Probe> readiness;
    private boolean started;
    private boolean ready;

    private Container(
            NodeProcess process, Optional<Probe> startup, Optional<Probe> liveness, Optional<Probe> readiness) {
        this.process = process;
        this.startup = startup;
        this.liveness = liveness;
        this.readiness = readiness;
    }

    static Container of(NodeProcess process, JsonNode container, String address, Duration every)
            throws NotReadyException {
        return new Container(
                process,
                probe("startupProbe", container, address, every),
                probe("livenessProbe", container, address, every),
                probe("readinessProbe", container, address, every));
    }

    private static Optional<Probe> probe(String name, JsonNode container, String address, Duration every)
            throws NotReadyException {
        return container.has(name)
                ? Optional.of(Probe.of(container.path(name), container, address, every))
                : Optional.empty();
    }

    NodeProcess process() {
        return process;
    }

    boolean isStarted() {
        return started;
    }

    boolean isReady() {
        return ready && process.isAlive();
    }

    /** Asks what is to be asked now; kills the process if it has failed a probe for too long. */
    void probe() {
        if (!process.isAlive()) {
            ready = false;
            return;
        }
        started = started || startup.map(Probe::hasSucceeded).orElse(true);
        if (!started) {
            startup.ifPresent(this::askOrKill);
            return;
        }
        liveness.ifPresent(this::askOrKill);
        readiness.ifPresent(Probe::ask);
        ready = readiness
                .map(probe -> probe.hasSucceeded() || (ready && !probe.hasFailed()))
                .orElse(true);
    }

    private void askOrKill(Probe probe) {
        probe.ask();
        if (probe.hasFailed()) {
            process.kill();
        }
    }
}
