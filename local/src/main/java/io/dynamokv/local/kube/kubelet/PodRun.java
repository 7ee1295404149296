package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.kubelet.PodStatus.ContainerState;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.process.NodeCommand;
import io.dynamokv.local.process.NodeProcess;
import io.dynamokv.local.process.NodeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One pod on its machine, from its start to its end. Used by the kubelet's thread only. */
final class PodRun {
    private static final int BACK_OFF_FACTOR_MAX = 10;

    private final Api api;
    private final KubeletSettings settings;
    private final Directories directories;
    private final String address;
    private final Path log;

    private Optional<Container> container = Optional.empty();
    private ObjectNode state = PodStatus.waiting("ContainerCreating", "");
    private ObjectNode lastState = JsonNodeFactory.instance.objectNode();
    private String startedAt = "";
    private int restarts;
    private int backOffFactor = 1;
    private boolean pullFailed;
    private long nextStartNanos = System.nanoTime();
    private Optional<Long> termNanos = Optional.empty();
    private long killNanos;
    private boolean terminated;

    PodRun(Api api, KubeletSettings settings, Directories directories, JsonNode pod, String address) {
        this.api = api;
        this.settings = settings;
        this.directories = directories;
        this.address = address;
        log = directories.log(Meta.namespace(pod), Meta.name(pod));
    }

    String address() {
        return address;
    }

    /** One step of a pod that is to run. @return its status */
    ObjectNode step(ObjectNode pod) {
        container.filter(run -> !run.process().isAlive()).ifPresent(this::noteExit);
        if (container.isEmpty() && System.nanoTime() - nextStartNanos >= 0) {
            start(pod);
        }
        container.ifPresent(Container::probe);
        return PodStatus.of(
                pod,
                address,
                new ContainerState(
                        state,
                        lastState,
                        container.isPresent(),
                        container.map(Container::isStarted).orElse(false),
                        container.map(Container::isReady).orElse(false),
                        restarts));
    }

    private void noteExit(Container run) {
        container = Optional.empty();
        lastState = PodStatus.terminated(run.process().exitCode(), startedAt);
        restarts++;
        nextStartNanos = System.nanoTime() + settings.backOff().toNanos() * backOffFactor;
        backOffFactor = run.isStarted() ? 1 : Math.min(2 * backOffFactor, BACK_OFF_FACTOR_MAX);
        state = PodStatus.waiting("CrashLoopBackOff", "back-off restarting failed container");
    }

    private void start(ObjectNode pod) {
        JsonNode spec = pod.path("spec").path("containers").path(0);
        String image = spec.path("image").asText();
        try {
            if (settings.isMissing().test(image)) {
                String reason = pullFailed ? "ImagePullBackOff" : "ErrImagePull";
                pullFailed = true;
                throw new NotReadyException(reason, "failed to pull image \"" + image + "\": not found");
            }
            container = Optional.of(Container.of(launch(pod, spec), spec, address, settings.probeEvery()));
            startedAt = Meta.now();
            state = PodStatus.running(startedAt);
        } catch (NotReadyException e) {
            state = PodStatus.waiting(e.reason(), String.valueOf(e.getMessage()));
            nextStartNanos = System.nanoTime() + settings.probeEvery().toNanos();
        } catch (IOException e) {
            state = PodStatus.waiting("CreateContainerError", e.toString());
            nextStartNanos = System.nanoTime() + settings.backOff().toNanos();
        }
    }

    private NodeProcess launch(ObjectNode pod, JsonNode spec) throws IOException, NotReadyException {
        Mounts mounts = Mounts.of(api, directories, pod, spec);
        Map<String, String> environment = new ContainerEnvironment(api, pod, address).of(spec);
        environment.replaceAll((_, value) -> value.equals("0.0.0.0") ? address : mounts.mapped(value));
        List<String> properties = List.of(
                "-Djdk.net.hosts.file=" + directories.hosts(),
                "-Dvertx.disableDnsResolver=true",
                "-Dsun.net.inetaddr.ttl=1",
                "-Dsun.net.inetaddr.negative.ttl=1");
        return NodeProcess.start(new NodeSpec(
                Meta.name(pod),
                address,
                log,
                NodeCommand.running(settings.home(), settings.nodeSettings(), properties),
                environment));
    }

    /** One step of a pod that is to end. @return whether nothing of it runs any more */
    boolean end(ObjectNode pod) {
        if (container.filter(run -> run.process().isAlive()).isEmpty()) {
            return true;
        }
        NodeProcess process = container.orElseThrow().process();
        long now = System.nanoTime();
        if (termNanos.isEmpty()) {
            long graceSeconds =
                    pod.path("metadata").path("deletionGracePeriodSeconds").asLong();
            killNanos = now + TimeUnit.SECONDS.toNanos(graceSeconds);
            termNanos = Optional.of(now + preStop(pod).toNanos());
        }
        if (!terminated && now - termNanos.orElseThrow() >= 0) {
            process.askToStop();
            terminated = true;
        }
        if (now - killNanos >= 0) {
            process.kill();
        }
        return false;
    }

    private Duration preStop(JsonNode pod) {
        Duration sleep = Duration.ofSeconds(
                pod.at("/spec/containers/0/lifecycle/preStop/sleep/seconds").asLong());
        return sleep.compareTo(settings.preStopMax()) < 0 ? sleep : settings.preStopMax();
    }

    Optional<Long> pid() {
        return container
                .filter(run -> run.process().isAlive())
                .map(run -> run.process().pid());
    }

    Optional<String> log() {
        Path file = log.resolve("node.log");
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            return Optional.of("the log cannot be read: " + e.getMessage());
        }
    }

    /** The machine is gone. */
    void kill() {
        container.ifPresent(run -> run.process().kill());
    }
}
