package io.dynamokv.e2e;

import io.dynamokv.e2e.cluster.FailedException;
import io.dynamokv.e2e.cluster.Kube;
import io.fabric8.kubernetes.api.model.networking.v1.IngressLoadBalancerIngress;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Where the Ingress answers: as the command line says, or as its status does. */
record Entrance(Optional<URI> given, String namespace) implements Function<Kube, URI> {
    @Override
    public URI apply(Kube kube) {
        return given.orElseGet(
                () -> kube.client().network().v1().ingresses().inNamespace(namespace).list().getItems().stream()
                        .filter(ingress -> ingress.getStatus() != null
                                && ingress.getStatus().getLoadBalancer() != null)
                        .flatMap(ingress -> ingress.getStatus().getLoadBalancer().getIngress().stream())
                        .flatMap(Entrance::addresses)
                        .findFirst()
                        .map(address -> URI.create("http://" + address))
                        .orElseThrow(() -> new FailedException("no Ingress of " + namespace
                                + " has an address; is there an Ingress controller? --address says it")));
    }

    private static Stream<String> addresses(IngressLoadBalancerIngress ingress) {
        return Stream.of(ingress.getIp(), ingress.getHostname()).filter(Objects::nonNull);
    }
}
