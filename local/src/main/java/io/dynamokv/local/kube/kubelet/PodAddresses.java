package io.dynamokv.local.kube.kubelet;

import io.dynamokv.local.process.NodeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Loopback addresses for pods: each pod has a new one, as on a real cluster, on which the ports of a node are free. The network is chosen by
 * chance, so that several of these clusters run beside each other on one machine.
 */
final class PodAddresses {
    private static final int NETWORK_MIN = 20;
    private static final int NETWORK_MAX = 250;
    private static final int HOSTS = 250;

    private final int network = ThreadLocalRandom.current().nextInt(NETWORK_MIN, NETWORK_MAX);
    private int last;

    String next() {
        for (int tried = 0; tried < HOSTS * HOSTS; tried++) {
            last++;
            String address = "127." + network + "." + last / HOSTS % HOSTS + "." + (1 + last % HOSTS);
            if (isFree(address)) {
                return address;
            }
        }
        throw new IllegalStateException("no free address in 127." + network + ".0.0/16");
    }

    private static boolean isFree(String address) {
        for (int port : List.of(NodeSpec.HTTP_PORT, NodeSpec.ADMIN_PORT, NodeSpec.PEER_PORT)) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            } catch (IOException _) {
                return false;
            }
        }
        return true;
    }
}
