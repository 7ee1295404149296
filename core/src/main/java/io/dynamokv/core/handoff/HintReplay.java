package io.dynamokv.core.handoff;

import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.HintedSlots;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoredRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings a node's hints to the owners that are alive, page by page, one partition after the other. A row is kept until its owner has confirmed it
 * and for ever if need be: neither age nor failures take it away (rule H2). An owner that fails though it is
 * alive is left alone for a while.
 */
public final class HintReplay {
    /** Who owns a slot, and whether it is alive. */
    public interface View {
        NodeId owner(int partition, int slot);

        Liveness liveness(NodeId node);
    }

    private record Delivery(StoreKey key, int slot) {
        static Delivery of(ReplayEffect.Deliver deliver) {
            return new Delivery(deliver.key(), deliver.slot());
        }
    }

    private static final class Backoff {
        private int pauseMillis;
        private long untilMillis;
    }

    private final HintLedger ledger;
    private final ReplaySettings settings;
    private final View view;
    private final Map<NodeId, Backoff> failing = new LinkedHashMap<>();
    private final Map<Delivery, ReplayEffect.Deliver> underWay = new LinkedHashMap<>();
    /** The partition whose pages are read. */
    private int partition = -1;

    /** What is being read, or comes next; null if the partition is read to its end. */
    private @Nullable Span left;

    private boolean scanning;
    private long nowMillis;
    private long sentAtMillis;

    public HintReplay(HintLedger ledger, ReplaySettings settings, View view) {
        this.ledger = ledger;
        this.settings = settings;
        this.view = view;
    }

    /** Begins where nothing is under way, with the next partition that has something for somebody alive. */
    public List<ReplayEffect> tick(long nowMillis) {
        this.nowMillis = nowMillis;
        if (!underWay.isEmpty() && nowMillis - sentAtMillis >= settings.answerMillisMax()) {
            List.copyOf(underWay.values()).forEach(this::giveUp);
        }
        if (scanning || !underWay.isEmpty()) {
            return List.of();
        }
        int next = nextPartition();
        if (next < 0) {
            return List.of();
        }
        partition = next;
        left = Span.ofPartition(next);
        return scan(left);
    }

    /** In turn, so that a partition whose rows are refused does not keep the others from being delivered. */
    private int nextPartition() {
        int first = -1;
        for (HintLedger.Waiting waiting : ledger.waiting()) {
            if (mayBeSentTo(view.owner(waiting.partition(), waiting.slot()))) {
                if (waiting.partition() > partition) {
                    return waiting.partition();
                }
                first = first < 0 ? waiting.partition() : first;
            }
        }
        return first;
    }

    private boolean mayBeSentTo(NodeId owner) {
        if (view.liveness(owner) != Liveness.ALIVE) {
            // When it is back it is asked at once.
            failing.remove(owner);
            return false;
        }
        Backoff backoff = failing.get(owner);
        return backoff == null || backoff.untilMillis <= nowMillis;
    }

    private List<ReplayEffect> scan(Span span) {
        scanning = true;
        return List.of(new ReplayEffect.Scan(span, settings.pageBytesMax()));
    }

    public List<ReplayEffect> scanned(Page page) {
        scanning = false;
        left = left == null ? null : page.rest(left).orElse(null);
        sentAtMillis = nowMillis;
        var effects = new ArrayList<ReplayEffect>();
        page.rows().forEach((key, stored) -> {
            HintedSlots slots = stored.slots();
            for (int slot = 0; slot < HintedSlots.SLOTS_MAX && !slots.isEmpty(); slot++) {
                if (slots.contains(slot)) {
                    deliver(key, stored, slot, effects);
                }
            }
        });
        return underWay.isEmpty() ? goOn() : effects;
    }

    /** The rest of the partition waits for its next turn. */
    public void scanFailed() {
        scanning = false;
        left = null;
    }

    private void deliver(StoreKey key, StoredRecord stored, int slot, List<ReplayEffect> effects) {
        NodeId owner = view.owner(key.partition(), slot);
        if (mayBeSentTo(owner)) {
            var deliver = new ReplayEffect.Deliver(owner, slot, key, stored.record());
            underWay.put(Delivery.of(deliver), deliver);
            effects.add(deliver);
        }
    }

    /**
     * The owner has it on disk. It goes for the sake of what was sent then and of nothing else: an answer may be late, and the row sent again
     * meanwhile with more in it (rule H1).
     */
    public List<ReplayEffect> delivered(ReplayEffect.Deliver deliver) {
        failing.remove(deliver.owner());
        underWay.remove(Delivery.of(deliver));
        var effects = new ArrayList<ReplayEffect>();
        effects.add(new ReplayEffect.Store(
                new StoreOperation.Delivered(deliver.key(), deliver.record(), HintedSlots.of(deliver.slot()))));
        effects.addAll(goOn());
        return effects;
    }

    public List<ReplayEffect> failed(ReplayEffect.Deliver deliver) {
        if (!deliver.equals(underWay.get(Delivery.of(deliver)))) {
            return List.of();
        }
        giveUp(deliver);
        return goOn();
    }

    private void giveUp(ReplayEffect.Deliver deliver) {
        underWay.remove(Delivery.of(deliver));
        Backoff backoff = failing.computeIfAbsent(deliver.owner(), _ -> new Backoff());
        if (backoff.untilMillis <= nowMillis) {
            // What failed together counts once.
            backoff.pauseMillis = backoff.pauseMillis == 0
                    ? settings.retryMillisMin()
                    : Math.min(2 * backoff.pauseMillis, settings.retryMillisMax());
            backoff.untilMillis = nowMillis + backoff.pauseMillis;
        }
    }

    private List<ReplayEffect> goOn() {
        return !scanning && underWay.isEmpty() && left != null ? scan(left) : List.of();
    }

    /** Nothing is read or sent. */
    public boolean isIdle() {
        return !scanning && underWay.isEmpty();
    }
}
