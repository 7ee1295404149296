package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.object.Meta;

/** Addresses of Services. Nothing listens there; they are a function of the name, so that a dry run says the same as the write. */
final class ServiceAddresses {
    private static final int ADDRESSES = 1 << 16;

    private ServiceAddresses() {}

    static String of(ObjectNode service) {
        int number = Math.floorMod((Meta.namespace(service) + "/" + Meta.name(service)).hashCode(), ADDRESSES);
        return "10.96." + number / 256 + "." + number % 256;
    }
}
