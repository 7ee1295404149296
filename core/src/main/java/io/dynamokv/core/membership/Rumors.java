package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * News that this node still passes on (SWIM 4.1): those least often sent come first, of these the latest; each is forgotten once it was
 * sent often enough that all have heard it with high probability. At most one per member, or one per accuser of a suspect.
 */
final class Rumors {
    /** Accusations by different nodes do not replace each other: they confirm. */
    private record Topic(NodeId member, @Nullable NodeId accuser) {}

    private static final class Rumor {
        private final Update update;
        private final long number;
        private int sent;

        private Rumor(Update update, long number) {
            this.update = update;
            this.number = number;
        }

        private int sent() {
            return sent;
        }

        private long number() {
            return number;
        }
    }

    private static final Comparator<Rumor> ORDER = Comparator.comparingInt(Rumor::sent)
            .thenComparing(Comparator.comparingLong(Rumor::number).reversed());

    private final Map<Topic, Rumor> rumors = new LinkedHashMap<>();
    private long numbers;

    void add(Update update) {
        rumors.values()
                .removeIf(rumor -> rumor.update.member().equals(update.member()) && update.supersedes(rumor.update));
        rumors.put(new Topic(update.member(), update.accuser()), new Rumor(update, numbers++));
    }

    void forget(NodeId member) {
        rumors.values().removeIf(rumor -> rumor.update.member().equals(member));
    }

    boolean isEmpty() {
        return rumors.isEmpty();
    }

    /** The next to send within so many bytes. What is taken counts as sent, and is forgotten when it was {@code sendsMax} times. */
    List<Update> take(int bytesMax, int sendsMax) {
        var taken = new ArrayList<Update>();
        int bytes = 0;
        for (Rumor rumor : rumors.values().stream().sorted(ORDER).toList()) {
            int size = rumor.update.sizeBytes();
            if (bytes + size <= bytesMax) {
                bytes += size;
                rumor.sent++;
                taken.add(rumor.update);
            }
        }
        rumors.values().removeIf(rumor -> rumor.sent >= sendsMax);
        return taken;
    }
}
