package io.dynamokv.e2e.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Follows the log of every operator pod there is and will be, and keeps the errors that no committed line allows. */
public final class OperatorLog implements AutoCloseable {
    private static final Pattern ERROR = Pattern.compile("\\b(ERROR|FATAL)\\b");

    private final KubernetesClient client;
    private final Supplier<List<Pod>> pods;
    private final List<Pattern> allowed;
    private final Set<String> followed = ConcurrentHashMap.newKeySet();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final List<LogWatch> watches = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();

    public OperatorLog(KubernetesClient client, Supplier<List<Pod>> pods, List<Pattern> allowed) {
        this.client = client;
        this.pods = pods;
        this.allowed = List.copyOf(allowed);
    }

    /** Begins with pods that are new; to be called often, for a killed pod's log goes with it. */
    public synchronized void follow() {
        for (Pod pod : pods.get()) {
            String uid = pod.getMetadata().getUid();
            if ("Running".equals(pod.getStatus().getPhase()) && followed.add(uid)) {
                LogWatch watch = client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(pod.getMetadata().getName())
                        .watchLog();
                watches.add(watch);
                Thread.ofVirtual().start(() -> read(watch, pod.getMetadata().getName(), uid));
            }
        }
    }

    private void read(LogWatch watch, String pod, String uid) {
        try (var lines = new BufferedReader(new InputStreamReader(watch.getOutput(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String text = line;
                boolean isAllowed = allowed.stream()
                        .anyMatch(pattern -> pattern.matcher(text).find());
                if (ERROR.matcher(text).find() && !isAllowed && seen.add(pod + ": " + text)) {
                    errors.add(pod + ": " + text);
                }
            }
        } catch (IOException _) {
            // The pod is gone, or the API server was: the next call follows it again if it still runs.
            followed.remove(uid);
        }
    }

    /** Since the last call. */
    public List<String> errors() {
        var found = new ArrayList<String>();
        for (String error = errors.poll(); error != null; error = errors.poll()) {
            found.add(error);
        }
        return found;
    }

    @Override
    public synchronized void close() {
        watches.forEach(LogWatch::close);
    }
}
