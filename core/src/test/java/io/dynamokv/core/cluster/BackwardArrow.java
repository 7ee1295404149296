package io.dynamokv.core.cluster;

import io.dynamokv.core.version.VersionedRecord;

/** Points from {@code cluster} to {@code version}, against the house's arrows, so that the rule can be seen to fail. */
public final class BackwardArrow {
    private BackwardArrow() {}

    static VersionedRecord record() {
        return VersionedRecord.EMPTY;
    }
}
