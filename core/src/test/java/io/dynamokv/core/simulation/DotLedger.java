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

    /** @param judges or else it keeps the books alone */
    DotLedger(boolean judges) {
        this.judges = judges;
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
        require(
                Invariant.NO_REQUEST_IS_EXECUTED_AGAIN,
                !on.knows(put.content().requestId()),
                () -> by + " knows the id of " + put + " and issues " + dot);
        Content before = issued.put(dot, put.content());
        require(
                Invariant.NO_DOT_IS_ISSUED_TWICE,
                before == null,
                () -> by + " issues " + dot + " for " + put.content() + ", which was " + before);
    }

    /** What a delete is about to remove. One without a context is never executed twice: the second might see more (rule W4). */
    void deletes(ClientRequest.Delete request, VersionVector context) {
        List<VersionVector> before = deletes.computeIfAbsent(request, _ -> new ArrayList<>());
        require(
                Invariant.NO_REQUEST_IS_EXECUTED_AGAIN,
                request.context() != null || before.isEmpty(),
                () -> request + " is executed again");
        before.add(context);
    }

    /** The id of a refused put belongs to another request (rule W4). */
    void isReused(ClientRequest request) {
        boolean reused = request instanceof ClientRequest.Put put
                && issued.values().stream()
                        .anyMatch(other ->
                                other.requestId().equals(put.content().requestId()) && !other.equals(put.content()));
        require(Invariant.ONLY_A_REUSED_ID_IS_CALLED_REUSED, reused, () -> "nobody else used the id of " + request);
    }

    private void require(Invariant invariant, boolean holds, Supplier<String> otherwise) {
        if (judges) {
            Violation.require(invariant, holds, otherwise);
        }
    }
}
