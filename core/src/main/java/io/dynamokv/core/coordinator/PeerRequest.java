package io.dynamokv.core.coordinator;

import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.VersionedRecord;

/** What a coordinator asks of another node. */
public sealed interface PeerRequest {
    /** Join this record and acknowledge it when it is durable (rule D3: always the whole record). */
    record Replicate(StoreKey key, VersionedRecord record) implements PeerRequest {}

    record Fetch(StoreKey key) implements PeerRequest {}

    /** Execute this request as its coordinator; never forward it again (rule W1). */
    record Execute(ClientRequest request) implements PeerRequest {}
}
