package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Deletion;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.http.PodAccess;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Meta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** All machines of the cluster in one: runs the pods that have a machine, tells how they do, and ends them. */
public final class Kubelet implements PodAccess, AutoCloseable {
    private static final Logger LOG = System.getLogger(Kubelet.class.getName());
    private static final WriteOptions AGENT = WriteOptions.of("kubelet");
    private static final int TICK_MILLIS = 50;
    private static final int STOP_SECONDS_MAX = 10;

    private final Api api;
    private final KubeletSettings settings;
    private final Directories directories;
    private final HostsFile hosts;
    private final PodAddresses addresses = new PodAddresses();
    /** By the pods' uids. */
    private final Map<String, PodRun> runs = new ConcurrentHashMap<>();

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("kubelet").daemon().factory());

    public Kubelet(Api api, KubeletSettings settings) {
        this.api = api;
        this.settings = settings;
        directories = new Directories(settings.state());
        hosts = new HostsFile(directories.hosts());
    }

    public void start() {
        try {
            Files.createDirectories(settings.state());
            hosts.write(api);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + settings.state(), e);
        }
        var _ = thread.scheduleWithFixedDelay(this::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    public Path hostsFile() {
        return hosts.file();
    }

    /** Of its process; empty while none runs. */
    public Optional<Long> pid(String namespace, String pod) {
        return run(namespace, pod).flatMap(PodRun::pid);
    }

    @Override
    public Optional<String> log(String namespace, String pod) {
        return run(namespace, pod).flatMap(PodRun::log);
    }

    private Optional<PodRun> run(String namespace, String pod) {
        return api.find(BuiltIn.POD, namespace, pod).flatMap(found -> Optional.ofNullable(runs.get(Meta.uid(found))));
    }

    private void tick() {
        Set<String> present = new HashSet<>();
        for (ObjectNode pod : api.list(BuiltIn.POD)) {
            present.add(Meta.uid(pod));
            try {
                step(pod);
            } catch (ApiException e) {
                // Somebody else changed or removed the pod meanwhile; the next step sees what is.
                LOG.log(Level.DEBUG, () -> Meta.name(pod) + ": " + e.getMessage());
            } catch (IOException | RuntimeException e) {
                LOG.log(Level.ERROR, "pod " + Meta.name(pod), e);
            }
        }
        endRemoved(present);
        try {
            hosts.write(api);
            removeVolumes();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "cannot keep " + settings.state(), e);
        }
    }

    private void step(ObjectNode pod) throws IOException {
        if (pod.path("spec").path("nodeName").asText("").isEmpty()) {
            return;
        }
        Target target = Target.of(BuiltIn.POD, Meta.namespace(pod), Meta.name(pod));
        if (Meta.isDeleting(pod)) {
            PodRun run = runs.get(Meta.uid(pod));
            if (run == null || run.end(pod)) {
                runs.remove(Meta.uid(pod));
                Directories.delete(directories.pod(Meta.uid(pod)));
                api.delete(
                        target,
                        new Deletion(Deletion.Propagation.BACKGROUND, Optional.of(0), Meta.uid(pod), ""),
                        AGENT);
            }
            return;
        }
        PodRun run =
                runs.computeIfAbsent(Meta.uid(pod), _ -> new PodRun(api, settings, directories, pod, addresses.next()));
        ObjectNode status = run.step(pod);
        if (!status.equals(pod.path("status"))) {
            pod.set("status", status);
            api.update(Target.status(BuiltIn.POD, Meta.namespace(pod), Meta.name(pod)), pod, AGENT);
        }
    }

    /** Pods that were removed by force, without waiting for their processes. */
    private void endRemoved(Set<String> present) {
        for (String uid : List.copyOf(runs.keySet())) {
            if (!present.contains(uid)) {
                Optional.ofNullable(runs.remove(uid)).ifPresent(PodRun::kill);
            }
        }
    }

    private void removeVolumes() throws IOException {
        Set<String> claims = new HashSet<>();
        api.list(BuiltIn.CLAIM).forEach(claim -> claims.add(Meta.uid(claim)));
        for (Path volume : directories.claims()) {
            if (!claims.contains(volume.getFileName().toString())) {
                Directories.delete(volume);
            }
        }
    }

    /** Kills all processes. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.log(Level.ERROR, "the kubelet does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runs.values().forEach(PodRun::kill);
    }
}
