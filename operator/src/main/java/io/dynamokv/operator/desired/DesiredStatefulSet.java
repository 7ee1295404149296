package io.dynamokv.operator.desired;

import io.dynamokv.operator.api.v1.DynamoClusterSpec.PodTemplate;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The pods and their volumes. The operator alone deletes pods (update strategy OnDelete), one at a time. */
public final class DesiredStatefulSet {
    private static final long USER = 10001;
    private static final String DATA_PATH = "/data";
    private static final String SECRET_PATH = "/etc/dynamokv/secret";
    /** A pod that ends leaves the Services first; what still arrives meanwhile is served. */
    private static final long DRAIN_SECONDS = 5;

    private static final long GRACE_SECONDS = 30;

    private DesiredStatefulSet() {}

    public static StatefulSet of(Wanted wanted) {
        Names names = wanted.names();
        String whenDeleted = wanted.storage().whenDeleted();
        return new StatefulSetBuilder()
                .withMetadata(Metadata.owned(wanted, names.statefulSet()))
                .withNewSpec()
                .withReplicas(wanted.replicas())
                .withServiceName(names.peerService())
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy(whenDeleted, "Retain")
                .withSelector(names.labelSelector())
                .withTemplate(template(wanted))
                .withVolumeClaimTemplates(claim(wanted))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec template(Wanted wanted) {
        PodTemplate more = wanted.podTemplate();
        var labels = new TreeMap<>(orEmpty(more.labels()));
        labels.putAll(wanted.names().labels());
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(labels)
                .withAnnotations(new TreeMap<>(orEmpty(more.annotations())))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withSecurityContext(podSecurity())
                .withImagePullSecrets(Objects.requireNonNullElse(wanted.spec().imagePullSecrets(), List.of()))
                .withNodeSelector(new TreeMap<>(orEmpty(more.nodeSelector())))
                .withAffinity(more.affinity() == null ? apart(wanted) : more.affinity())
                .withTolerations(Objects.requireNonNullElse(more.tolerations(), List.of()))
                .withPriorityClassName(more.priorityClassName())
                .withTopologySpreadConstraints(spread(wanted))
                .withContainers(container(wanted))
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .addNewVolume()
                .withName("secret")
                .withNewSecret()
                .withSecretName(wanted.names().secret())
                .withDefaultMode(0440)
                .endSecret()
                .endVolume()
                .endSpec()
                .build();
    }

    private static Map<String, String> orEmpty(@org.jspecify.annotations.Nullable Map<String, String> map) {
        return map == null ? Map.of() : map;
    }

    private static PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    private static SecurityContext containerSecurity() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static Affinity apart(Wanted wanted) {
        return new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(100)
                .withNewPodAffinityTerm()
                .withLabelSelector(wanted.names().labelSelector())
                .withTopologyKey("kubernetes.io/hostname")
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build();
    }

    private static TopologySpreadConstraint spread(Wanted wanted) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(wanted.topology().zoneKey())
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withLabelSelector(wanted.names().labelSelector())
                .build();
    }

    private static Container container(Wanted wanted) {
        return new ContainerBuilder()
                .withName(Names.CONTAINER)
                .withImage(wanted.image())
                .withImagePullPolicy(wanted.imagePullPolicy())
                .withEnv(environment(wanted.names()))
                .addNewPort()
                .withName("http")
                .withContainerPort(Names.HTTP_PORT)
                .endPort()
                .addNewPort()
                .withName("admin")
                .withContainerPort(Names.ADMIN_PORT)
                .endPort()
                .addNewPort()
                .withName("peer")
                .withContainerPort(Names.PEER_PORT)
                .endPort()
                .withResources(wanted.resources())
                .withSecurityContext(containerSecurity())
                // Two minutes to open a directory whose log must be replayed, on a machine that is busy.
                .withStartupProbe(probe("/q/health/live", 1, 120))
                .withLivenessProbe(probe("/q/health/live", 10, 6))
                .withReadinessProbe(probe("/q/health/ready", 2, 2))
                .withNewLifecycle()
                .withNewPreStop()
                .withNewSleep(DRAIN_SECONDS)
                .endPreStop()
                .endLifecycle()
                .addNewVolumeMount()
                .withName(Names.DATA_VOLUME)
                .withMountPath(DATA_PATH)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("secret")
                .withMountPath(SECRET_PATH)
                .withReadOnly(true)
                .endVolumeMount()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .build();
    }

    private static List<EnvVar> environment(Names names) {
        EnvVar name = new EnvVarBuilder()
                .withName("DYNAMOKV_NAME")
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath("metadata.name")
                .endFieldRef()
                .endValueFrom()
                .build();
        return List.of(
                name,
                new EnvVar("DYNAMOKV_DATA_DIR", DATA_PATH + "/node", null),
                new EnvVar("DYNAMOKV_SECRET_FILE", SECRET_PATH + "/" + Names.SECRET_KEY, null),
                new EnvVar("DYNAMOKV_HOST", "0.0.0.0", null),
                new EnvVar("DYNAMOKV_ADVERTISED_HOST", names.host("$(DYNAMOKV_NAME)"), null));
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("admin"))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .withSuccessThreshold(1)
                .build();
    }

    private static PersistentVolumeClaim claim(Wanted wanted) {
        return new PersistentVolumeClaimBuilder()
                .withApiVersion("v1")
                .withKind("PersistentVolumeClaim")
                .withNewMetadata()
                .withName(Names.DATA_VOLUME)
                .withLabels(new TreeMap<>(wanted.names().labels()))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(wanted.storage().storageClassName())
                .withVolumeMode("Filesystem")
                .withNewResources()
                .addToRequests("storage", wanted.storage().size())
                .endResources()
                .endSpec()
                .build();
    }
}
