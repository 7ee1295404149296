package io.dynamokv.core.membership;

import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.Liveness;
import io.dynamokv.core.cluster.NodeId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The members that the cluster map names, and how claims change what this node believes of them. Claims add and remove nobody (lesson 12). */
final class MemberTable {
    private final Self self;
    private final SwimSettings settings;
    private final RandomGenerator random;
    private final Rumors rumors;
    private final List<SwimEffect> effects;
    private final Rotation queue;
    private final Rotation listeners;
    /** Sorted: what is done for each is done in one order on every machine. */
    private final TreeMap<NodeId, Member> members = new TreeMap<>();

    private @Nullable NodeId lookedFor;

    MemberTable(Self self, SwimSettings settings, RandomGenerator random, Rumors rumors, List<SwimEffect> effects) {
        this.self = self;
        this.settings = settings;
        this.random = random;
        this.rumors = rumors;
        this.effects = effects;
        queue = new Rotation(random);
        listeners = new Rotation(random);
    }

    /** These and no others; what is known of those that stay is kept. */
    void replace(Set<NodeId> ids, long nowMillis) {
        for (NodeId gone : List.copyOf(members.keySet())) {
            if (!ids.contains(gone)) {
                members.remove(gone);
                queue.remove(gone);
                listeners.remove(gone);
                rumors.forget(gone);
            }
        }
        var span = settings.suspicionSpan(ids.contains(self.id()) ? ids.size() : ids.size() + 1);
        for (NodeId id : ids.stream().sorted().toList()) {
            if (!id.equals(self.id()) && !members.containsKey(id)) {
                members.put(id, new Member(id, new Suspicion(self.id(), span, nowMillis)));
                queue.add(id);
                listeners.add(id);
            }
        }
    }

    /** With this node. */
    int size() {
        return members.size() + 1;
    }

    @Nullable
    Member get(NodeId id) {
        return members.get(id);
    }

    Rotation queue() {
        return queue;
    }

    List<Member> all(Predicate<Member> wanted) {
        return members.values().stream().filter(wanted).toList();
    }

    /** At most so many of those wanted, by lot. */
    List<Member> draw(int count, Predicate<Member> wanted) {
        var candidates = new ArrayList<>(all(member -> member.address() != null && wanted.test(member)));
        var drawn = new ArrayList<Member>(count);
        while (drawn.size() < count && !candidates.isEmpty()) {
            drawn.add(candidates.remove(random.nextInt(candidates.size())));
        }
        return drawn;
    }

    /**
     * Those not down, in turn: drawn anew each time, some would hear the same rumour often and others never. A suspect among them hears
     * that it is one.
     */
    @Nullable
    Member nextListener() {
        NodeId next = listeners.next(id -> {
            Member member = members.get(id);
            return member != null && member.liveness() != Liveness.DOWN && member.wasHeard();
        });
        return next == null ? null : members.get(next);
    }

    /**
     * Those that are down, or were never heard, in turn: only whoever looks for them finds out that they are back, or that a cut network
     * has healed.
     */
    @Nullable
    Member nextLost() {
        List<Member> lost = all(member -> member.address() != null && member.isLost());
        if (lost.isEmpty()) {
            return null;
        }
        NodeId before = lookedFor;
        Member next = lost.stream()
                .filter(member -> before == null || member.id().compareTo(before) > 0)
                .findFirst()
                .orElse(lost.getFirst());
        lookedFor = next.id();
        return next;
    }

    void merge(Update claim, long nowMillis) {
        Member member = members.get(claim.member());
        if (member == null) {
            return;
        }
        if (claim.supersedes(member.incarnation(), member.liveness())) {
            take(member, claim, nowMillis);
        } else if (claim.incarnation().equals(member.incarnation())) {
            confirm(member, claim);
            raiseEpoch(member, claim);
        }
    }

    private void take(Member member, Update claim, long nowMillis) {
        Liveness before = member.liveness();
        Epoch epochBefore = member.epoch();
        NodeId accuser = claim.accuser();
        Suspicion suspicion =
                accuser == null ? null : new Suspicion(accuser, settings.suspicionSpan(size()), nowMillis);
        if (member.take(claim, suspicion)) {
            effects.add(new SwimEffect.Moved(member.id(), claim.address()));
        }
        changed(member, before);
        if (accuser != null && !accuser.equals(self.id())) {
            // To see for itself: a second accuser shortens the suspicion of a dead one, an answer ends that of one
            // alive.
            queue.hurry(member.id());
        }
        member.raise(claim.epoch());
        pass(member);
        Epoch epoch = member.epoch();
        if (epoch != null && !epoch.equals(epochBefore)) {
            tellIfHigher(member.id(), epoch);
        }
    }

    private void changed(Member member, Liveness before) {
        Liveness after = member.liveness();
        if (before == after) {
            return;
        }
        effects.add(new SwimEffect.Changed(member.id(), before, after));
        if (after == Liveness.DOWN) {
            queue.remove(member.id());
        } else if (before == Liveness.DOWN) {
            queue.add(member.id());
        }
    }

    private void confirm(Member member, Update claim) {
        NodeId accuser = claim.accuser();
        Suspicion suspicion = member.suspicion();
        if (accuser != null && suspicion != null && suspicion.confirm(accuser)) {
            rumors.add(claim);
        }
    }

    private void raiseEpoch(Member member, Update claim) {
        Epoch epoch = claim.epoch();
        if (epoch != null && member.raise(epoch)) {
            pass(member);
            tellIfHigher(member.id(), epoch);
        }
    }

    private void pass(Member member) {
        Update update = member.update();
        if (update != null) {
            rumors.add(update);
        }
    }

    /** An effect that this event has already had is not repeated. */
    void tellIfHigher(NodeId of, @Nullable Epoch epoch) {
        if (epoch != null && self.isBehind(epoch)) {
            var higher = new SwimEffect.HigherEpoch(of, epoch);
            if (!effects.contains(higher)) {
                effects.add(higher);
            }
        }
    }

    /** This node found the member silent. Said of an earlier incarnation than the known one it is void: the member has spoken since. */
    void accuse(Update known, long nowMillis) {
        merge(
                new Update(
                        known.member(),
                        Liveness.SUSPECT,
                        known.incarnation(),
                        known.address(),
                        known.epoch(),
                        self.id()),
                nowMillis);
    }

    void concludeSuspicions(long nowMillis) {
        for (Member member : members.values()) {
            Suspicion suspicion = member.suspicion();
            if (suspicion != null && suspicion.isOver(nowMillis)) {
                Liveness before = member.liveness();
                member.conclude();
                changed(member, before);
                pass(member);
            }
        }
    }

    void extendSuspicions(long byMillis) {
        for (Member member : members.values()) {
            Suspicion suspicion = member.suspicion();
            if (suspicion != null) {
                suspicion.extend(byMillis);
            }
        }
    }

    /** All that was ever heard of anyone. */
    List<Update> updates() {
        return members.values().stream()
                .map(Member::update)
                .<Update>mapMulti((update, to) -> {
                    if (update != null) {
                        to.accept(update);
                    }
                })
                .toList();
    }

    /** What whoever believes these claims has not heard. */
    List<Update> updatesBeyond(Collection<Update> claims) {
        Map<NodeId, Update> claimed = new TreeMap<>();
        claims.forEach(claim -> claimed.put(claim.member(), claim));
        return updates().stream()
                .filter(update -> {
                    Update other = claimed.get(update.member());
                    return other == null || update.supersedes(other);
                })
                .toList();
    }
}
