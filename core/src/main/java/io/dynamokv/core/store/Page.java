package io.dynamokv.core.store;

import java.util.Optional;
import java.util.SequencedMap;

/**
 * The first rows of a span, in their order.
 *
 * @param isLast whether the span ends with them
 */
public record Page(SequencedMap<StoreKey, StoredRecord> rows, boolean isLast) {
    public Page {
        if (rows.isEmpty() && !isLast) {
            throw new IllegalArgumentException("a page without rows is the last one");
        }
    }

    /** What of the span comes after this page. */
    public Optional<Span> rest(Span span) {
        return isLast
                ? Optional.empty()
                : Optional.of(span.behind(rows.lastEntry().getKey().key()));
    }
}
