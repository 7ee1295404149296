package io.dynamokv.core.coordinator;

import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.version.VersionedRecord;

/** What a node asks of another one. */
public sealed interface PeerRequest {
    /** Join this record and acknowledge it when it is durable (rule D3: always the whole record). */
    record Replicate(StoreKey key, VersionedRecord record) implements PeerRequest {}

    /** The same, of a node that does not own the slot: keep it until the slot's owner has it (rule H1). */
    record StandIn(StoreKey key, VersionedRecord record, int slot) implements PeerRequest {}

    /** The same, of the owner that was stood in for: acknowledged after a sync, whatever the cluster's durability (rule W5). */
    record Deliver(StoreKey key, VersionedRecord record) implements PeerRequest {}

    record Fetch(StoreKey key) implements PeerRequest {}

    /** Execute this request as its coordinator; never forward it again (rule W1). */
    record Execute(ClientRequest request) implements PeerRequest {}
}
