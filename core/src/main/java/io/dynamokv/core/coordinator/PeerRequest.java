package io.dynamokv.core.coordinator;

import io.dynamokv.core.antientropy.ExchangeRequest;
import io.dynamokv.core.store.StoreKey;
import io.dynamokv.core.store.Tombstone;
import io.dynamokv.core.version.VersionedRecord;
import java.util.List;

/** What a node asks of another one. */
public sealed interface PeerRequest {
    /** Join this record and acknowledge it when it is durable (rule D3: always the whole record). */
    record Replicate(StoreKey key, VersionedRecord record) implements PeerRequest {}

    /** The same, of a node that does not own the slot: keep it until the slot's owner has it (rule H1). */
    record StandIn(StoreKey key, VersionedRecord record, int slot) implements PeerRequest {}

    /** The same, of the owner that was stood in for: acknowledged after a sync, whatever the cluster's durability (rule W5). */
    record Deliver(StoreKey key, VersionedRecord record) implements PeerRequest {}

    /**
     * Say of each tombstone, after a sync: an owner, whether its row is exactly that; any other member, whether it has nothing of the key (rule
     * T1).
     */
    record Prove(int partition, List<Tombstone> tombstones) implements PeerRequest {}

    /** Drop those tombstones that are still held exactly so (rule T1). */
    record Reap(int partition, List<Tombstone> tombstones) implements PeerRequest {}

    /** One question of an exchange of the partition (Dynamo 4.7). */
    record Exchange(int partition, ExchangeRequest request) implements PeerRequest {}

    record Fetch(StoreKey key) implements PeerRequest {}

    /** Execute this request as its coordinator; never forward it again (rule W1). */
    record Execute(ClientRequest request) implements PeerRequest {}
}
