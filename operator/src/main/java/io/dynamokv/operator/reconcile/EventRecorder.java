package io.dynamokv.operator.reconcile;

import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.desired.Names;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Tells a resource's story as Kubernetes events: each step and each refusal once, until the same step has something else to say. */
final class EventRecorder {
    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final int NOTE_CHARS_MAX = 1000;
    private static final List<String> RESTS = List.of("Steady", "Paused");

    private final KubernetesClient client;
    private final Clock clock;
    private final String instance;
    /** By resource and reason. */
    private final Map<String, Map<String, String>> last = new ConcurrentHashMap<>();

    EventRecorder(KubernetesClient client, Clock clock, String instance) {
        this.client = client;
        this.clock = clock;
        this.instance = instance;
    }

    void normal(DynamoCluster resource, String reason, String note) {
        record(resource, "Normal", reason, note);
    }

    void warning(DynamoCluster resource, String reason, String note) {
        record(resource, "Warning", reason, note);
    }

    /** The end of a story: what comes after it is told as a new one, be it the same. */
    void resting(DynamoCluster resource, String reason, String note) {
        String said = said(resource).get(reason);
        if (!note.equals(said)) {
            said(resource).clear();
            record(resource, "Normal", reason, note);
        }
    }

    private Map<String, String> said(DynamoCluster resource) {
        return last.computeIfAbsent(resource.getMetadata().getUid(), uid -> new ConcurrentHashMap<>());
    }

    private void record(DynamoCluster resource, String type, String reason, String note) {
        String said = reason + ": " + note;
        Map<String, String> before = said(resource);
        if (note.equals(before.put(reason, note))) {
            return;
        }
        RESTS.stream().filter(rest -> !rest.equals(reason)).forEach(before::remove);
        Instant now = clock.instant();
        String name = resource.getMetadata().getName() + "."
                + HexFormat.of().toHexDigits(now.toEpochMilli())
                + HexFormat.of().toHexDigits(said.hashCode());
        try {
            client.events()
                    .v1()
                    .events()
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withNamespace(resource.getMetadata().getNamespace())
                            .withName(name)
                            .endMetadata()
                            .withEventTime(new MicroTime(MICROS.format(now)))
                            .withReportingController(Names.OPERATOR)
                            .withReportingInstance(instance)
                            .withAction(reason)
                            .withReason(reason)
                            .withNote(note.length() > NOTE_CHARS_MAX ? note.substring(0, NOTE_CHARS_MAX) : note)
                            .withType(type)
                            .withRegarding(reference(resource))
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            // The story is lost, the work is not: the same is in the log and in the status.
            LOG.warnf("event '%s' could not be recorded: %s", said, e.getMessage());
        }
    }

    private static ObjectReference reference(DynamoCluster resource) {
        return new ObjectReferenceBuilder()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .withUid(resource.getMetadata().getUid())
                .build();
    }
}
