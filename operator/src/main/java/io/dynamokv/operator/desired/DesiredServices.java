package io.dynamokv.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.TreeMap;

/** How nodes find each other, and how clients find nodes that serve. */
public final class DesiredServices {
    private DesiredServices() {}

    /** Names every pod, ready or not: a node must find its peers before it can serve. */
    public static Service peers(Wanted wanted) {
        return new ServiceBuilder()
                .withMetadata(Metadata.owned(wanted, wanted.names().peerService()))
                .withNewSpec()
                .withClusterIP("None")
                .withType("ClusterIP")
                .withPublishNotReadyAddresses(true)
                .withSelector(new TreeMap<>(wanted.names().selector()))
                .withPorts(
                        port("peer", Names.PEER_PORT), port("admin", Names.ADMIN_PORT), port("http", Names.HTTP_PORT))
                .endSpec()
                .build();
    }

    /** Ready pods only, and a node is ready only as a member of its loaded map. */
    public static Service clients(Wanted wanted) {
        return new ServiceBuilder()
                .withMetadata(Metadata.owned(wanted, wanted.names().clientService()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(new TreeMap<>(wanted.names().selector()))
                .withPorts(port("http", Names.HTTP_PORT))
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int number) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(name))
                .build();
    }
}
