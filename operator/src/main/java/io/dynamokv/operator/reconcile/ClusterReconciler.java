package io.dynamokv.operator.reconcile;

import io.dynamokv.core.cluster.ClusterId;
import io.dynamokv.operator.api.v1.DynamoCluster;
import io.dynamokv.operator.api.v1.DynamoClusterStatus;
import io.dynamokv.operator.config.OperatorConfig;
import io.dynamokv.operator.desired.Names;
import io.dynamokv.operator.desired.Wanted;
import io.dynamokv.operator.nodes.NodeClient;
import io.dynamokv.operator.observe.Caches;
import io.dynamokv.operator.observe.ClusterObserver;
import io.dynamokv.operator.observe.Desired;
import io.dynamokv.operator.observe.ObjectComparison;
import io.dynamokv.operator.plan.ClusterStep;
import io.dynamokv.operator.plan.Observed;
import io.dynamokv.operator.plan.Planner;
import io.dynamokv.operator.status.StatusOf;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Brings a cluster one step nearer to what its resource wants (ADR 006). What it waits for comes as events of Kubernetes; only what the nodes alone know
 * is asked again after a while.
 */
@ControllerConfiguration(name = "dynamocluster", generationAwareEventProcessing = false)
public class ClusterReconciler implements Reconciler<DynamoCluster> {
    private static final Logger LOG = Logger.getLogger(ClusterReconciler.class);
    private static final Duration AT_ONCE = Duration.ofMillis(10);
    private static final Duration AFTER_CONFLICT = Duration.ofMillis(200);
    /** A person is needed, and may have done it where no event tells. */
    private static final int BLOCKED_RECHECKS = 5;

    private static final int SECRET_BYTES = 32;
    private static final int KEY_ID_BYTES = 4;

    private final OperatorConfig config;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ClusterObserver observer;
    private final StepRunner runner;
    private final EventRecorder events;
    private final Contest contest = new Contest();
    /** What the log said last of each resource, so that it says it once. */
    private final Map<String, String> said = new ConcurrentHashMap<>();

    private volatile boolean stopping;

    public ClusterReconciler(KubernetesClient client, OperatorConfig config, MeterRegistry metrics, Clock clock) {
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        var nodes = new NodeClient(Names.ADMIN_PORT, metrics);
        var comparison = new ObjectComparison(client);
        observer = new ClusterObserver(client, nodes, comparison);
        runner = new StepRunner(client, nodes, comparison);
        events = new EventRecorder(client, clock, Names.OPERATOR);
    }

    /** Before passes are waited for. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
    }

    @Override
    public List<EventSource<?, DynamoCluster>> prepareEventSources(EventSourceContext<DynamoCluster> context) {
        return List.of(
                source(StatefulSet.class, context),
                source(Pod.class, context),
                source(PersistentVolumeClaim.class, context),
                source(ConfigMap.class, context),
                source(Secret.class, context),
                source(Service.class, context),
                source(PodDisruptionBudget.class, context),
                source(NetworkPolicy.class, context),
                source(Ingress.class, context));
    }

    private static <T extends HasMetadata> InformerEventSource<T, DynamoCluster> source(
            Class<T> type, EventSourceContext<DynamoCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, DynamoCluster.class)
                        .withLabelSelector(Names.MANAGED_BY_LABEL + "=" + Names.OPERATOR)
                        .withSecondaryToPrimaryMapper(ClusterReconciler::clusterOf)
                        .withNamespacesInheritedFromController()
                        .build(),
                context);
    }

    private static Set<ResourceID> clusterOf(HasMetadata object) {
        String cluster = object.getMetadata().getLabels().get(Names.INSTANCE_LABEL);
        return cluster == null
                ? Set.of()
                : Set.of(new ResourceID(cluster, object.getMetadata().getNamespace()));
    }

    @Override
    public UpdateControl<DynamoCluster> reconcile(DynamoCluster resource, Context<DynamoCluster> context) {
        try {
            // Owner references do the rest; what is made now would only be in the collector's way.
            return resource.isMarkedForDeletion()
                    ? UpdateControl.noUpdate()
                    : pass(resource, new ContextCaches(context, resource));
        } catch (KubernetesClientException e) {
            return stopped(resource, e);
        }
    }

    /** Tried again for ever, for the reason may go without an event: a quota, a webhook, an API server that is away. */
    private UpdateControl<DynamoCluster> stopped(DynamoCluster resource, KubernetesClientException e) {
        return switch (Stop.of(e.getCode(), String.valueOf(e.getMessage()), stopping)) {
            case CHANGED_MEANWHILE -> {
                LOG.infof("%s: somebody else wrote meanwhile; looking again", name(resource));
                LOG.debug("refused", e);
                yield UpdateControl.<DynamoCluster>noUpdate().rescheduleAfter(AFTER_CONFLICT);
            }
            case AWAY -> {
                LOG.warnf(
                        "%s: the API server does not answer, only begins to, or does not know this pod any more: %s",
                        name(resource), e.getMessage());
                yield UpdateControl.<DynamoCluster>noUpdate().rescheduleAfter(config.recheck());
            }
            case NAMESPACE_GOES -> {
                LOG.infof("%s: its namespace is being deleted", name(resource));
                yield UpdateControl.<DynamoCluster>noUpdate().rescheduleAfter(config.resync());
            }
            case REFUSED -> {
                LOG.errorf(e, "%s: the API server refuses", name(resource));
                events.warning(resource, "ApiServerRefused", String.valueOf(e.getMessage()));
                yield withStatus(
                                resource,
                                StatusOf.refused(
                                        resource.getStatus(), moment(resource), String.valueOf(e.getMessage())))
                        .rescheduleAfter(config.recheck().multipliedBy(BLOCKED_RECHECKS));
            }
        };
    }

    /**
     * What no event told of is read once more: the informers see labelled objects only, and one whose label somebody took away would stop
     * everything until a person gave it back. Found, it is what differs, and gets its label.
     */
    private record ContextCaches(Context<DynamoCluster> context, DynamoCluster resource) implements Caches {
        @Override
        public <T extends HasMetadata> List<T> all(Class<T> type) {
            return context.getSecondaryResourcesAsStream(type).toList();
        }

        @Override
        public <T extends HasMetadata> @Nullable T get(Class<T> type, String name) {
            T known = Caches.super.get(type, name);
            if (known != null) {
                return known;
            }
            T live = context.getClient()
                    .resources(type)
                    .inNamespace(resource.getMetadata().getNamespace())
                    .withName(name)
                    .get();
            return live != null && isOurs(live) ? live : null;
        }

        /** Map and secret outlive their resource, so they may have no owner. */
        private boolean isOurs(HasMetadata object) {
            return object instanceof ConfigMap
                    || object instanceof Secret
                    || object.getMetadata().getOwnerReferences().stream()
                            .anyMatch(owner ->
                                    owner.getUid().equals(resource.getMetadata().getUid()));
        }
    }

    private UpdateControl<DynamoCluster> pass(DynamoCluster resource, Caches caches) {
        Wanted wanted = Wanted.of(resource, config.nodeImage(), config.namespace());
        Desired desired = DesiredObjects.of(wanted, caches, freshSecret());
        Observed observed = observer.observe(resource, wanted, caches, desired);
        ClusterStep step =
                Planner.plan(wanted, observed, ClusterId.parse(UUID.randomUUID().toString()));
        metrics.counter("dynamokv.operator.steps", "type", step.type()).increment();
        DynamoClusterStatus status = status(resource, wanted, observed, step);
        StepRunner.Done done =
                contested(resource, step, desired).orElseGet(() -> runner.run(step, wanted, observed, caches, desired));
        Duration pause = tell(resource, status, step, done);
        // The other one may be an operator too, whose status would be as different from ours as the objects are.
        UpdateControl<DynamoCluster> control =
                done instanceof StepRunner.Done.Contested ? UpdateControl.noUpdate() : withStatus(resource, status);
        return control.rescheduleAfter(pause);
    }

    private Optional<StepRunner.Done> contested(DynamoCluster resource, ClusterStep step, Desired desired) {
        return step instanceof ClusterStep.ApplyObjects(List<String> what)
                ? contest.mustWait(resource.getMetadata().getUid(), desired.hashesOf(what), clock.instant())
                        .map(pause -> new StepRunner.Done.Contested(step.explain(), pause))
                : Optional.empty();
    }

    /** With a key id of its own, so that a context of a secret that was lost is unknown and not forged (rule D7). */
    private String freshSecret() {
        byte[] key = new byte[SECRET_BYTES];
        random.nextBytes(key);
        byte[] id = new byte[KEY_ID_BYTES];
        random.nextBytes(id);
        return "k" + HexFormat.of().formatHex(id) + ":" + HexFormat.of().formatHex(key) + "\n";
    }

    private DynamoClusterStatus status(DynamoCluster resource, Wanted wanted, Observed observed, ClusterStep step) {
        return StatusOf.compute(wanted, observed, step, resource.getStatus(), moment(resource));
    }

    private StatusOf.Moment moment(DynamoCluster resource) {
        return new StatusOf.Moment(
                resource.getMetadata().getGeneration(),
                clock.instant(),
                UUID.randomUUID().toString().substring(0, 8));
    }

    /** Written only when it differs: a steady state writes nothing. */
    private UpdateControl<DynamoCluster> withStatus(DynamoCluster resource, DynamoClusterStatus status) {
        if (status.equals(resource.getStatus())) {
            return UpdateControl.noUpdate();
        }
        var changed = new DynamoCluster();
        changed.setMetadata(new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .withUid(resource.getMetadata().getUid())
                .build());
        changed.setStatus(status);
        metrics.counter("dynamokv.operator.status.writes").increment();
        return UpdateControl.patchStatus(changed);
    }

    /** Says what was done or is waited for, and when to look again if no event comes. */
    private Duration tell(DynamoCluster resource, DynamoClusterStatus status, ClusterStep step, StepRunner.Done done) {
        return switch (done) {
            case StepRunner.Done.Changed() -> {
                say(resource, status, step.explain());
                events.normal(resource, step.type(), step.explain());
                yield AT_ONCE;
            }
            case StepRunner.Done.Held(String why) -> {
                say(resource, status, why);
                yield tellHeld(resource, step, why);
            }
            case StepRunner.Done.Contested(String what, Duration pause) -> {
                String why = what + " waits: " + Contest.REPEATS_MAX + " times within " + Contest.WINDOW.toSeconds()
                        + " s they were applied and then different again. Something else changes them: a second"
                        + " operator for this namespace, or a tool that manages these objects";
                say(resource, status, why);
                events.warning(resource, "ObjectsContested", why);
                yield pause;
            }
        };
    }

    private Duration tellHeld(DynamoCluster resource, ClusterStep step, String why) {
        return switch (step) {
            case ClusterStep.Steady _, ClusterStep.Paused _ -> {
                events.resting(resource, step.type(), why);
                yield config.resync();
            }
            case ClusterStep.Blocked(String condition, String _) -> {
                events.warning(resource, condition, why);
                yield config.recheck().multipliedBy(BLOCKED_RECHECKS);
            }
            case ClusterStep.Wait _ -> config.recheck();
            case ClusterStep.ApplyObjects _,
                    ClusterStep.StoreFirstMap _,
                    ClusterStep.AdoptMap _,
                    ClusterStep.StoreNextMap _,
                    ClusterStep.Join _,
                    ClusterStep.PublishMap _,
                    ClusterStep.DeletePod _,
                    ClusterStep.GrowClaims _,
                    ClusterStep.RecreateStatefulSet _ -> {
                events.warning(resource, step.type() + "Held", why);
                yield config.recheck();
            }
        };
    }

    private void say(DynamoCluster resource, @Nullable DynamoClusterStatus status, String what) {
        if (!what.equals(said.put(resource.getMetadata().getUid(), what))) {
            String operation = status == null || status.operation() == null
                    ? "-"
                    : status.operation().id();
            LOG.infof("%s, operation %s: %s", name(resource), operation, what);
        }
    }

    private static String name(DynamoCluster resource) {
        return resource.getMetadata().getNamespace() + "/"
                + resource.getMetadata().getName();
    }
}
