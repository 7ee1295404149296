package io.dynamokv.core.coordinator;

import io.dynamokv.core.ring.Key;
import io.dynamokv.core.version.Content;
import io.dynamokv.core.version.RequestId;
import io.dynamokv.core.version.VersionVector;
import org.jspecify.annotations.Nullable;

/** A client's request, checked and complete, as one node executes it or another forwards it. */
public sealed interface ClientRequest {
    Key key();

    /** @param readQuorum votes that a read needs */
    record Get(Key key, int readQuorum) implements ClientRequest {}

    record Put(Key key, VersionVector context, Content content, int writeQuorum) implements ClientRequest {}

    /** @param context what to delete; if null, all that a read with {@code readQuorum} sees (rule D5) */
    record Delete(Key key, RequestId requestId, @Nullable VersionVector context, int readQuorum, int writeQuorum)
            implements ClientRequest {}
}
