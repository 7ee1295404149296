package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.ring.Key;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.store.StoreResult;
import io.dynamokv.core.store.StoredRecord;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.Sibling;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Sees every execution and every answer, which nobody in the cluster does, and so knows what a record must and must not hold. */
final class Journal {
    /** A dot that some coordinator issued, whether or not it outlived the crashes. */
    private record Issued(Key key, Dot dot, Content content, VersionVector context) {}

    /** One request at one node; the same request may come again elsewhere. */
    static final class Attempt {
        private final ClientRequest request;
        private final int acknowledgedBefore;
        private boolean answered;

        private Attempt(ClientRequest request, int acknowledgedBefore) {
            this.request = request;
            this.acknowledgedBefore = acknowledgedBefore;
        }

        ClientRequest request() {
            return request;
        }

        boolean isAnswered() {
            return answered;
        }
    }

    private final Plan plan;
    private final Map<Dot, Issued> issued = new LinkedHashMap<>();
    private final Map<ClientRequest.Delete, List<VersionVector>> deletes = new LinkedHashMap<>();
    private final List<Attempt> acknowledged = new ArrayList<>();
    private final Map<Content, Integer> notRefused = new LinkedHashMap<>();

    Journal(Plan plan) {
        this.plan = plan;
    }

    Attempt began(ClientRequest request) {
        if (request instanceof ClientRequest.Put put) {
            notRefused.merge(put.content(), 1, Integer::sum);
        }
        return new Attempt(request, acknowledged.size());
    }

    void executed(
            NodeId by, List<StoreOperation> operations, Map<StoreKey, StoredRecord> before, List<StoreResult> results) {
        Map<StoreKey, VersionedRecord> held = new HashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            StoreOperation operation = operations.get(i);
            VersionedRecord known = held.computeIfAbsent(
                    operation.key(),
                    key -> before.getOrDefault(key, StoredRecord.NONE).record());
            if (results.get(i) instanceof StoreResult.Held(VersionedRecord record)) {
                if (operation instanceof StoreOperation.Put put) {
                    dotsOf(record, put.content()).stream()
                            .filter(dot -> !known.vector().contains(dot))
                            .forEach(dot -> issued(by, put, dot, known));
                }
                held.put(operation.key(), record);
            }
        }
    }

    /** What a delete is about to remove. One without a context is never executed twice: the second might see more (rule W4). */
    void deletes(ClientRequest.Delete request, VersionVector context) {
        List<VersionVector> before = deletes.computeIfAbsent(request, _ -> new ArrayList<>());
        require(request.context() != null || before.isEmpty(), () -> request + " is executed again");
        before.add(context);
    }

    /** No dot is ever issued twice (rule D2), and none for a request whose version or id is there (rule W4). */
    private void issued(NodeId by, StoreOperation.Put put, Dot dot, VersionedRecord on) {
        require(!on.holdsAnyOf(put.content().requestId()), () -> by + " knows the id of " + put + " and issues " + dot);
        var now = new Issued(put.key().key(), dot, put.content(), put.context());
        Issued before = issued.put(dot, now);
        require(before == null, () -> by + " issues for " + now + " what was " + before);
    }

    void answered(Attempt attempt, Outcome outcome) {
        attempt.answered = true;
        switch (outcome) {
            case Outcome.Found(VersionedRecord record) -> seesWhatWasAcknowledged(attempt, record);
            case Outcome.Written(VersionVector context) -> {
                acknowledged.add(attempt);
                if (context != null) {
                    coversNothingUnseen(attempt.request(), context);
                }
            }
            case Outcome.RequestIdReused _ -> {
                isReused(attempt.request());
                refused(attempt.request());
            }
            case Outcome.Refused _, Outcome.LimitExceeded _ -> refused(attempt.request());
            case Outcome.Unknown _ ->
                require(
                        !(attempt.request() instanceof ClientRequest.Get),
                        () -> attempt.request() + " cannot be unknown");
        }
    }

    private void refused(ClientRequest request) {
        if (request instanceof ClientRequest.Put put) {
            notRefused.merge(put.content(), -1, Integer::sum);
        }
    }

    private void isReused(ClientRequest request) {
        boolean reused = request instanceof ClientRequest.Put put
                && issued.values().stream()
                        .map(Issued::content)
                        .anyMatch(other ->
                                other.requestId().equals(put.content().requestId()) && !other.equals(put.content()));
        require(reused, () -> "nobody else used the id of " + request);
    }

    /** Dynamo 4.5, R + W > N, as long as only owners vote. */
    private void seesWhatWasAcknowledged(Attempt read, VersionedRecord found) {
        if (!plan.quorumsOverlap()) {
            return;
        }
        Set<Dot> live = new HashSet<>();
        found.siblings().forEach(sibling -> live.addAll(dots(sibling)));
        for (Attempt earlier : acknowledged.subList(0, read.acknowledgedBefore)) {
            if (!earlier.request().key().equals(read.request().key())) {
                continue;
            }
            switch (earlier.request()) {
                case ClientRequest.Put put -> isSeen(put, found);
                case ClientRequest.Delete delete -> whatWasDeletedIsGone(delete, live, found);
                case ClientRequest.Get get -> throw new AssertionError(get + " was written");
            }
        }
    }

    private void isSeen(ClientRequest.Put put, VersionedRecord in) {
        require(
                dotsOf(put.content()).stream().anyMatch(in.vector()::contains),
                () -> put + " was acknowledged and is not in " + in);
    }

    /** Rule D4: a write's context covers nothing live that its client neither saw nor wrote. */
    private void coversNothingUnseen(ClientRequest request, VersionVector context) {
        List<VersionVector> covers = covers(request.key());
        for (Issued one : issuedOf(request.key())) {
            boolean own =
                    request instanceof ClientRequest.Put put && put.content().equals(one.content);
            if (!own && context.contains(one.dot)) {
                require(
                        isCovered(one.content, covers),
                        () -> "the context of " + request + " covers " + one + ", which nobody overwrote");
            }
        }
    }

    /** Checks the join of all replicas when nothing is under way any more. */
    void check(String keyName, VersionedRecord all) {
        Key key = Samples.storeKey(keyName).key();
        Set<Dot> live = new HashSet<>();
        all.siblings().forEach(sibling -> live.addAll(dots(sibling)));
        List<Issued> kept = issuedOf(key).stream()
                .filter(one -> all.vector().contains(one.dot))
                .toList();
        whatWasOverwrittenIsGone(kept, live, all);
        whatIsGoneWasOverwritten(key, kept, live, all);
        whatWasAcknowledgedIsThereOrWasOverwritten(key, live, all);
        whatWasRefusedWasNeverExecuted();
    }

    private static void whatWasOverwrittenIsGone(List<Issued> kept, Set<Dot> live, VersionedRecord all) {
        for (Issued one : kept) {
            for (Dot dot : live) {
                require(!one.context.contains(dot), () -> one + " overwrote " + dot + ", which lives in " + all);
            }
        }
    }

    /** Together with the one before: the siblings are exactly the concurrent ones. */
    private void whatIsGoneWasOverwritten(Key key, List<Issued> kept, Set<Dot> live, VersionedRecord all) {
        List<VersionVector> covers =
                new ArrayList<>(kept.stream().map(Issued::context).toList());
        covers.addAll(deletedOf(key));
        for (Issued one : kept) {
            require(
                    live.contains(one.dot) || isCovered(one.content, covers),
                    () -> one + " is gone from " + all + ", and nobody overwrote it");
        }
    }

    private void whatWasAcknowledgedIsThereOrWasOverwritten(Key key, Set<Dot> live, VersionedRecord all) {
        for (Attempt attempt : acknowledged) {
            if (!attempt.request().key().equals(key)) {
                continue;
            }
            switch (attempt.request()) {
                case ClientRequest.Put put -> isSeen(put, all);
                case ClientRequest.Delete delete -> {
                    whatWasDeletedIsGone(delete, live, all);
                    if (delete.context() == null) {
                        whatWasAcknowledgedBeforeIsGone(attempt, live);
                    }
                }
                case ClientRequest.Get get -> throw new AssertionError(get + " was written");
            }
        }
    }

    private void whatWasDeletedIsGone(ClientRequest.Delete delete, Set<Dot> live, VersionedRecord all) {
        for (VersionVector context : deletes.getOrDefault(delete, List.of())) {
            require(
                    all.vector().descends(context) && live.stream().noneMatch(context::contains),
                    () -> delete + " was acknowledged, and there is " + all);
        }
    }

    /** Rule D5: a delete without a context removes what R replicas showed it. */
    private void whatWasAcknowledgedBeforeIsGone(Attempt delete, Set<Dot> live) {
        if (!plan.quorumsOverlap()) {
            return;
        }
        for (Attempt earlier : acknowledged.subList(0, delete.acknowledgedBefore)) {
            if (earlier.request() instanceof ClientRequest.Put put
                    && put.key().equals(delete.request().key())) {
                require(
                        dotsOf(put.content()).stream().anyMatch(dot -> !live.contains(dot)),
                        () -> delete.request() + " left the earlier " + put);
            }
        }
    }

    /** Rule W3. */
    private void whatWasRefusedWasNeverExecuted() {
        notRefused.forEach((content, attempts) ->
                require(attempts > 0 || dotsOf(content).isEmpty(), () -> content + " was refused and executed"));
    }

    private List<Issued> issuedOf(Key key) {
        return issued.values().stream().filter(one -> one.key.equals(key)).toList();
    }

    private List<VersionVector> deletedOf(Key key) {
        return deletes.entrySet().stream()
                .filter(entry -> entry.getKey().key().equals(key))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private List<VersionVector> covers(Key key) {
        List<VersionVector> covers =
                new ArrayList<>(issuedOf(key).stream().map(Issued::context).toList());
        covers.addAll(deletedOf(key));
        return covers;
    }

    /** Whoever covers one dot of a request overwrites all of it (rule W4). */
    private boolean isCovered(Content content, List<VersionVector> covers) {
        return dotsOf(content).stream().anyMatch(dot -> covers.stream().anyMatch(cover -> cover.contains(dot)));
    }

    private List<Dot> dotsOf(Content content) {
        return issued.values().stream()
                .filter(one -> one.content.equals(content))
                .map(Issued::dot)
                .toList();
    }

    private static List<Dot> dotsOf(VersionedRecord record, Content content) {
        return record.siblings().stream()
                .filter(sibling -> sibling.content().equals(content))
                .flatMap(sibling -> dots(sibling).stream())
                .toList();
    }

    private static List<Dot> dots(Sibling sibling) {
        return sibling.dots().stream().map(TimedDot::dot).toList();
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
