package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Incarnation;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeAddress;
import io.dynamokv.core.cluster.NodeId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One claim about one member (SWIM 4.1). Claims about a member are totally ordered, by incarnation and then alive, suspect, down, so
 * that whoever has heard the same claims, in any order, believes the same. Address and epoch are the member's own words at that incarnation.
 *
 * @param epoch of the newest map that the member was known to hold; null if it had none
 * @param accuser of a suspect: who found it silent. Only distinct accusers confirm each other (Lifeguard)
 */
public record Update(
        NodeId member,
        Liveness liveness,
        Incarnation incarnation,
        NodeAddress address,
        @Nullable Epoch epoch,
        @Nullable NodeId accuser) {
    public static final int HOST_BYTES_MAX = 255;

    private static final int ID_BYTES = 16;
    private static final int LIVENESS_BYTES = 1;
    private static final int INCARNATION_BYTES = 16;
    private static final int EPOCH_BYTES = 8;

    /** No update is larger. */
    static final int BYTES_MAX =
            ID_BYTES + LIVENESS_BYTES + INCARNATION_BYTES + addressBytes(HOST_BYTES_MAX) + EPOCH_BYTES + ID_BYTES;

    public Update {
        if (incarnation.bootNumber() < 1) {
            throw new IllegalArgumentException(
                    "a claim about " + member + " needs a boot number of at least 1, was " + incarnation.bootNumber());
        }
        if (hostBytes(address) > HOST_BYTES_MAX) {
            throw new IllegalArgumentException("the host of " + member + " must have at most " + HOST_BYTES_MAX
                    + " bytes, had " + hostBytes(address));
        }
        if ((liveness == Liveness.SUSPECT) != (accuser != null)) {
            throw new IllegalArgumentException(
                    "a suspect has an accuser, no other has: " + member + " is " + liveness + " by " + accuser);
        }
    }

    static Update alive(NodeId member, Incarnation incarnation, NodeAddress address, @Nullable Epoch epoch) {
        return new Update(member, Liveness.ALIVE, incarnation, address, epoch, null);
    }

    /** Whether this claim replaces one that was made at that incarnation and with that liveness. */
    public boolean supersedes(Incarnation otherIncarnation, Liveness otherLiveness) {
        int order = incarnation.compareTo(otherIncarnation);
        // The enum's order is that of the claims: at one incarnation the worse one stands until the member refutes it.
        return order > 0 || order == 0 && liveness.compareTo(otherLiveness) > 0;
    }

    boolean supersedes(Update other) {
        return supersedes(other.incarnation, other.liveness);
    }

    /** Bytes on the wire: ids and numbers in full, the host behind a byte of length, an accuser only of a suspect. */
    public int sizeBytes() {
        return ID_BYTES
                + LIVENESS_BYTES
                + INCARNATION_BYTES
                + sizeBytes(address)
                + EPOCH_BYTES
                + (accuser == null ? 0 : ID_BYTES);
    }

    static int sizeBytes(NodeAddress address) {
        return addressBytes(hostBytes(address));
    }

    private static int addressBytes(int hostBytes) {
        return 1 + hostBytes + 2 * Short.BYTES;
    }

    private static int hostBytes(NodeAddress address) {
        return address.host().getBytes(StandardCharsets.UTF_8).length;
    }
}
