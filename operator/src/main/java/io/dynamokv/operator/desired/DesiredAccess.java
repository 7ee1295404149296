package io.dynamokv.operator.desired;

import io.dynamokv.operator.api.v1.DynamoClusterSpec;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLS;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Who may reach the nodes: the network policy, and the way in from outside. */
public final class DesiredAccess {
    private DesiredAccess() {}

    public static Optional<NetworkPolicy> networkPolicy(Wanted wanted) {
        if (!wanted.networkPolicy().enabled()) {
            return Optional.empty();
        }
        return Optional.of(new NetworkPolicyBuilder()
                .withMetadata(Metadata.owned(wanted, wanted.names().networkPolicy()))
                .withNewSpec()
                .withPodSelector(wanted.names().labelSelector())
                .withPolicyTypes("Ingress")
                .withIngress(
                        rule(
                                wanted.networkPolicy().from() == null
                                        ? List.of()
                                        : wanted.networkPolicy().from(),
                                "http"),
                        rule(List.of(nodes(wanted)), "peer"),
                        rule(List.of(nodes(wanted), operator(wanted)), "admin"))
                .endSpec()
                .build());
    }

    /** No peers named means everyone. */
    private static NetworkPolicyIngressRule rule(List<NetworkPolicyPeer> from, String port) {
        return new NetworkPolicyIngressRuleBuilder()
                .withFrom(from)
                .addNewPort()
                .withProtocol("TCP")
                .withPort(new IntOrString(port))
                .endPort()
                .build();
    }

    private static NetworkPolicyPeer nodes(Wanted wanted) {
        return new NetworkPolicyPeerBuilder()
                .withPodSelector(wanted.names().labelSelector())
                .build();
    }

    private static NetworkPolicyPeer operator(Wanted wanted) {
        return new NetworkPolicyPeerBuilder()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", wanted.operatorNamespace())
                .endNamespaceSelector()
                .withPodSelector(new LabelSelectorBuilder()
                        .withMatchLabels(
                                new TreeMap<>(Map.of(Names.NAME_LABEL, "dynamokv", Names.COMPONENT_LABEL, "operator")))
                        .build())
                .build();
    }

    public static Optional<Ingress> ingress(Wanted wanted) {
        return wanted.ingress()
                .map(given -> new IngressBuilder()
                        .withMetadata(Metadata.owned(wanted, wanted.names().ingress()))
                        .editMetadata()
                        .withAnnotations(given.annotations())
                        .endMetadata()
                        .withNewSpec()
                        .withIngressClassName(given.className())
                        .withTls(tls(given))
                        .addNewRule()
                        .withHost(given.host())
                        .withNewHttp()
                        .addNewPath()
                        .withPath("/v1/")
                        .withPathType("Prefix")
                        .withNewBackend()
                        .withNewService()
                        .withName(wanted.names().clientService())
                        .withNewPort()
                        .withName("http")
                        .endPort()
                        .endService()
                        .endBackend()
                        .endPath()
                        .endHttp()
                        .endRule()
                        .endSpec()
                        .build());
    }

    private static List<IngressTLS> tls(DynamoClusterSpec.Ingress given) {
        return given.tlsSecretName() == null
                ? List.of()
                : List.of(new IngressTLSBuilder()
                        .withHosts(given.host())
                        .withSecretName(given.tlsSecretName())
                        .build());
    }
}
