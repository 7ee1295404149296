package io.dynamokv.local.kube.kinds;

import io.dynamokv.local.kube.object.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The built-in kinds. */
public final class BuiltIn {
    public static final Kind NAMESPACE = cluster("", "v1", "namespaces", "Namespace", "ns", "status");
    public static final Kind NODE = cluster("", "v1", "nodes", "Node", "no", "status");
    public static final Kind POD = namespaced("", "v1", "pods", "Pod", "po", "status,log,eviction");
    public static final Kind SERVICE = namespaced("", "v1", "services", "Service", "svc", "status");
    public static final Kind CONFIG_MAP = namespaced("", "v1", "configmaps", "ConfigMap", "cm", "");
    public static final Kind SECRET = namespaced("", "v1", "secrets", "Secret", "", "");
    public static final Kind ENDPOINTS = namespaced("", "v1", "endpoints", "Endpoints", "ep", "");
    public static final Kind EVENT = namespaced("", "v1", "events", "Event", "ev", "");
    public static final Kind CLAIM =
            namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", "pvc", "status");
    public static final Kind STATEFUL_SET =
            counted(namespaced("apps", "v1", "statefulsets", "StatefulSet", "sts", "status,scale"));
    public static final Kind CONTROLLER_REVISION =
            namespaced("apps", "v1", "controllerrevisions", "ControllerRevision", "", "");
    public static final Kind DISRUPTION_BUDGET =
            counted(namespaced("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", "pdb", "status"));
    public static final Kind ENDPOINT_SLICE =
            counted(namespaced("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", "", ""));
    public static final Kind STORAGE_CLASS =
            cluster("storage.k8s.io", "v1", "storageclasses", "StorageClass", "sc", "");
    public static final Kind CUSTOM_RESOURCE = counted(cluster(
            "apiextensions.k8s.io",
            "v1",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            "crd,crds",
            "status"));

    /** In the order in which they are told to clients. */
    static final List<Kind> ALL = List.of(
            NAMESPACE,
            NODE,
            POD,
            SERVICE,
            CONFIG_MAP,
            SECRET,
            namespaced("", "v1", "serviceaccounts", "ServiceAccount", "sa", ""),
            ENDPOINTS,
            EVENT,
            CLAIM,
            STATEFUL_SET,
            counted(namespaced("apps", "v1", "deployments", "Deployment", "deploy", "status,scale")),
            CONTROLLER_REVISION,
            DISRUPTION_BUDGET,
            namespaced("coordination.k8s.io", "v1", "leases", "Lease", "", ""),
            namespaced("events.k8s.io", "v1", "events", "Event", "", ""),
            namespaced("rbac.authorization.k8s.io", "v1", "roles", "Role", "", ""),
            namespaced("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", "", ""),
            cluster("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", "", ""),
            cluster("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", "", ""),
            counted(namespaced("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", "netpol", "")),
            counted(namespaced("networking.k8s.io", "v1", "ingresses", "Ingress", "ing", "status")),
            STORAGE_CLASS,
            ENDPOINT_SLICE,
            CUSTOM_RESOURCE);

    private BuiltIn() {}

    private static Kind cluster(
            String group, String version, String plural, String name, String shortNames, String subresources) {
        return kind(group, version, plural, name, false, shortNames, subresources);
    }

    private static Kind namespaced(
            String group, String version, String plural, String name, String shortNames, String subresources) {
        return kind(group, version, plural, name, true, shortNames, subresources);
    }

    private static Kind kind(
            String group,
            String version,
            String plural,
            String name,
            boolean namespaced,
            String shortNames,
            String subresources) {
        return new Kind(
                group,
                version,
                plural,
                name.toLowerCase(Locale.ROOT),
                name,
                namespaced,
                false,
                names(shortNames),
                Set.copyOf(names(subresources)));
    }

    private static Kind counted(Kind kind) {
        return new Kind(
                kind.group(),
                kind.version(),
                kind.plural(),
                kind.singular(),
                kind.name(),
                kind.namespaced(),
                true,
                kind.shortNames(),
                kind.subresources());
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
