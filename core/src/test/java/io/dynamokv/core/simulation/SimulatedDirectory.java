package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.membership.KnownStarts;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a node has on disk: its rows, the number of its starts, and the starts of others that it knows (rule N3). It can be copied, and the copy restored. */
final class SimulatedDirectory {
    private record Copy(Rows rows, long number, Map<NodeId, BootId> starts) {}

    private final RandomGenerator random;
    private final SimulatedDisk disk = new SimulatedDisk();
    private KnownStarts starts = new KnownStarts(Map.of());
    /** Of the last start. */
    private long number;
    /** Of all starts, those of directories that are gone included. */
    private long newestNumber;

    private @Nullable Copy copy;
    /** It is an old copy, and will be found out. */
    private boolean restored;

    SimulatedDirectory(RandomGenerator random) {
        this.random = random;
    }

    SimulatedDisk disk() {
        return disk;
    }

    BootId nextStart() {
        number++;
        newestNumber = Math.max(newestNumber, number);
        return new BootId(number, random.nextLong());
    }

    /**
     * Whether the other may be spoken with.
     *
     * @param equalsToo a mistake: another start of the number that is known
     */
    boolean accepts(NodeId other, BootId boot, boolean equalsToo) {
        if (equalsToo) {
            BootId known = starts.newest().get(other);
            if (known != null && known.number() == boot.number()) {
                return true;
            }
        }
        return !(starts.meet(other, boot) instanceof KnownStarts.Meeting.TurnedAway);
    }

    void takeCopy() {
        copy = new Copy(disk.durable(), number, starts.newest());
    }

    /** Only a copy from before the last start can be found out. */
    boolean hasOldCopy() {
        return copy != null && copy.number() < number;
    }

    void restoreCopy() {
        if (copy == null) {
            throw new IllegalStateException("there is no copy");
        }
        restored = true;
        disk.restore(copy.rows());
        number = copy.number();
        starts = new KnownStarts(copy.starts());
    }

    boolean isRestored() {
        return restored;
    }

    /** An empty one, of a new node in the old one's place. As ids stay the same here, it is told apart by a number that nobody had. */
    void replace() {
        restored = false;
        disk.lose();
        number = newestNumber;
        starts = new KnownStarts(Map.of());
    }
}
