package io.dynamokv.core.reaping;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.store.Page;
import io.dynamokv.core.store.Span;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Removes tombstones that nobody needs any more (rule T1). A tombstone is needed as long as anything that it covers may come back: from an owner that
 * has not got it, from a stand-in's row, from a message on its way. So all owners must hold exactly it, and all other members nothing of the key; this
 * is asked twice, with enough time between for what was on its way at the first time to have arrived or died before the second (rule T2). One member
 * that is silent stops it.
 *
 * <p>The owner of a partition's first slot does it for the partition.
 */
public final class TombstoneReaper {
    /** What the newest map says. */
    public interface View {
        /** The partitions whose first slot is this node's, in order, without those with a slot that is moving. */
        List<Integer> partitions();

        List<NodeId> owners(int partition);

        /** All members of the map, this node among them. */
        List<NodeId> members();
    }

    private enum Phase {
        PROVING,
        SETTLING,
        PROVING_AGAIN
    }

    /** Some tombstones of one page, on their way out. */
    private static final class Round {
        private final int partition;
        private List<Tombstone> tombstones;
        private boolean[] proved = {};
        private final Set<NodeId> asked = new LinkedHashSet<>();
        private Phase phase = Phase.PROVING;
        private long untilMillis;

        private Round(int partition, List<Tombstone> tombstones) {
            this.partition = partition;
            this.tombstones = tombstones;
        }
    }

    private final ReapSettings settings;
    private final View view;
    private final Map<Long, Round> rounds = new LinkedHashMap<>();
    private long lastRound;
    private int partition = -1;
    /** What comes next of the partition; null if it is read to its end. */
    private @Nullable Span left;

    private boolean scanning;
    private long nextPassMillis;
    private long nowMillis;
    private long clockMillis;
    private long reaped;
    private long unanswered;
    private @Nullable NodeId silent;

    public TombstoneReaper(ReapSettings settings, View view) {
        this.settings = settings;
        this.view = view;
    }

    /**
     * @param clockMillis the time of day, as deletes are dated
     * @param mayScan false while clients need the disk; what was found before goes on
     */
    public List<ReapEffect> tick(long nowMillis, long clockMillis, boolean mayScan) {
        this.nowMillis = nowMillis;
        this.clockMillis = clockMillis;
        var effects = new ArrayList<ReapEffect>();
        for (Map.Entry<Long, Round> entry : List.copyOf(rounds.entrySet())) {
            Round round = entry.getValue();
            if (nowMillis >= round.untilMillis) {
                if (round.phase == Phase.SETTLING) {
                    round.phase = Phase.PROVING_AGAIN;
                    effects.addAll(prove(entry.getKey(), round));
                } else {
                    stopUnanswered(entry.getKey(), round.asked.iterator().next());
                }
            }
        }
        if (mayScan && !scanning && rounds.size() < settings.roundsMax() && nowMillis >= nextPassMillis) {
            effects.addAll(scan());
        }
        return effects;
    }

    private List<ReapEffect> scan() {
        List<Integer> partitions = view.partitions();
        if (left != null && !partitions.contains(partition)) {
            left = null;
        }
        if (left == null) {
            int last = partition;
            partition = partitions.stream()
                    .filter(number -> number > last)
                    .findFirst()
                    .orElse(-1);
            if (partition < 0) {
                nextPassMillis = nowMillis + settings.passPauseMillis();
                return List.of();
            }
            left = Span.ofPartition(partition);
        }
        scanning = true;
        return List.of(new ReapEffect.Scan(left, settings.pageBytesMax()));
    }

    public List<ReapEffect> scanned(Page page) {
        scanning = false;
        left = left == null ? null : page.rest(left).orElse(null);
        var old = new ArrayList<Tombstone>();
        page.rows().forEach((key, stored) -> {
            VersionedRecord record = stored.record();
            if (record.isTombstone() && clockMillis - record.deletedAtMillis() >= settings.ageMillis()) {
                old.add(Tombstone.of(key, stored));
            }
        });
        if (old.isEmpty()) {
            return List.of();
        }
        var round = new Round(partition, old);
        rounds.put(++lastRound, round);
        return prove(lastRound, round);
    }

    /** The rest of the partition waits for the next pass. */
    public void scanFailed() {
        scanning = false;
        left = null;
    }

    private List<ReapEffect> prove(long number, Round round) {
        round.untilMillis = nowMillis + settings.answerMillisMax();
        round.proved = new boolean[round.tombstones.size()];
        Arrays.fill(round.proved, true);
        round.asked.addAll(view.members());
        return view.members().stream()
                .<ReapEffect>map(member -> new ReapEffect.Prove(member, number, round.partition, round.tombstones))
                .toList();
    }

    /** @param proofs one for each tombstone that was asked for */
    public List<ReapEffect> proved(NodeId member, long number, List<Boolean> proofs) {
        Round round = rounds.get(number);
        if (round == null || round.phase == Phase.SETTLING || !round.asked.remove(member)) {
            return List.of();
        }
        if (proofs.size() != round.proved.length) {
            stopUnanswered(number, member);
            return List.of();
        }
        for (int i = 0; i < round.proved.length; i++) {
            round.proved[i] &= proofs.get(i);
        }
        return round.asked.isEmpty() ? allHaveAnswered(number, round) : List.of();
    }

    private List<ReapEffect> allHaveAnswered(long number, Round round) {
        var left = new ArrayList<Tombstone>();
        for (int i = 0; i < round.proved.length; i++) {
            if (round.proved[i]) {
                left.add(round.tombstones.get(i));
            }
        }
        round.tombstones = List.copyOf(left);
        if (left.isEmpty()) {
            rounds.remove(number);
            return List.of();
        }
        if (round.phase == Phase.PROVING) {
            round.phase = Phase.SETTLING;
            round.untilMillis = nowMillis + settings.settleMillis();
            return List.of();
        }
        rounds.remove(number);
        reaped += left.size();
        return view.owners(round.partition).stream()
                .<ReapEffect>map(owner -> new ReapEffect.Reap(owner, round.partition, round.tombstones))
                .toList();
    }

    /** The member cannot be asked, or will not say. */
    public void failed(NodeId member, long number) {
        Round round = rounds.get(number);
        if (round != null && round.asked.contains(member)) {
            stopUnanswered(number, member);
        }
    }

    private void stopUnanswered(long number, NodeId member) {
        rounds.remove(number);
        unanswered++;
        silent = member;
    }

    /** Since the start. */
    public long reaped() {
        return reaped;
    }

    /** How often a member that did not answer, or would not, has stopped some, since the start. */
    public long unanswered() {
        return unanswered;
    }

    /** The member that was the last to do so. */
    public Optional<NodeId> silent() {
        return Optional.ofNullable(silent);
    }

    public boolean isIdle() {
        return !scanning && rounds.isEmpty();
    }
}
