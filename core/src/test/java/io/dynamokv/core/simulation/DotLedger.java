package io.dynamokv.core.simulation;

import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.coordinator.ClientRequest;
import io.dynamokv.core.store.StoreOperation;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.Dot;
import io.dynamokv.core.version.TimedDot;
import io.dynamokv.core.version.VersionVector;
import io.dynamokv.core.version.VersionedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Every dot that some coordinator issued, whether or not it outlived the crashes. What a store does right or wrong in the end is the {@link Oracle}'s. */
final class DotLedger {
    private final boolean judges;
    private final Map<Dot, Content> issued = new LinkedHashMap<>();
    private final Map<ClientRequest.Delete, List<VersionVector>> deletes = new LinkedHashMap<>();

    /** @param mutation with a mistake the books are kept and nothing is judged: the oracle alone must find it */
    DotLedger(Mutation mutation) {
        judges = mutation == Mutation.NONE;
    }

    /** A put changed what a coordinator holds. */
    void stored(NodeId by, StoreOperation.Put put, VersionedRecord before, VersionedRecord after) {
        after.siblings().stream()
                .filter(sibling -> sibling.content().equals(put.content()))
                .flatMap(sibling -> sibling.dots().stream())
                .map(TimedDot::dot)
                .filter(dot -> !before.vector().contains(dot))
                .forEach(dot -> issued(by, put, dot, before));
    }

    /** No dot is ever issued twice (rule D2), and none for a request whose version or id is there (rule W4). */
    private void issued(NodeId by, StoreOperation.Put put, Dot dot, VersionedRecord on) {
        require(!on.knows(put.content().requestId()), () -> by + " knows the id of " + put + " and issues " + dot);
        Content before = issued.put(dot, put.content());
        require(before == null, () -> by + " issues " + dot + " for " + put.content() + ", which was " + before);
    }

    /** What a delete is about to remove. One without a context is never executed twice: the second might see more (rule W4). */
    void deletes(ClientRequest.Delete request, VersionVector context) {
        List<VersionVector> before = deletes.computeIfAbsent(request, _ -> new ArrayList<>());
        require(request.context() != null || before.isEmpty(), () -> request + " is executed again");
        before.add(context);
    }

    /** The id of a refused put belongs to another request (rule W4). */
    void isReused(ClientRequest request) {
        boolean reused = request instanceof ClientRequest.Put put
                && issued.values().stream()
                        .anyMatch(other ->
                                other.requestId().equals(put.content().requestId()) && !other.equals(put.content()));
        require(reused, () -> "nobody else used the id of " + request);
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (judges && !holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
