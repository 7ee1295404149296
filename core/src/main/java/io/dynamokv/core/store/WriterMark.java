package io.dynamokv.core.store;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.version.WriterId;
import java.util.Objects;

/**
 * The writer that this node uses for one key, and the start at which it drew it (rule D2). It lies beside the node's own record, is never
 * replicated, and dies with it.
 */
public record WriterMark(WriterId writer, BootId boot) {
    public WriterMark {
        Objects.requireNonNull(writer, "writer");
        Objects.requireNonNull(boot, "boot");
    }
}
