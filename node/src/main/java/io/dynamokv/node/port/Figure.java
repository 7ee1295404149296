package io.dynamokv.node.port;

/** A number that a node can tell at any time. */
public enum Figure {
    UNDER_WAY_BYTES("dynamokv.under.way.bytes", "Bytes held by the requests under way; past the limit they are shed"),
    UNDER_WAY_FULL(
            "dynamokv.under.way.full",
            "1 while so many requests are under way that more are refused, which are fewer while they take too long"),
    UNDER_WAY_REQUESTS("dynamokv.under.way.requests", "Clients' requests under way at this node"),
    UNDER_WAY_REQUESTS_MAX(
            "dynamokv.under.way.requests.max",
            "So many are admitted now, fewer than configured while they take too long"),
    SHARD_LATE_MILLIS(
            Kind.MILLISECONDS,
            "dynamokv.shards.late",
            "How late the latest of the shards was for its last tick; so long waits whatever comes"),
    PEER_INTAKE_BYTES(
            "dynamokv.peers.intake.bytes",
            "What peers' requests hold that are under way here; past the limit links are not read"),
    PEER_UNSENT_BYTES("dynamokv.peers.unsent.bytes", "What this node has for its peers and they have not taken yet"),
    MAP_EPOCH("dynamokv.map.epoch", "Epoch of the map that is served, 0 without one"),
    MAP_FORKS(
            Kind.COUNTER,
            "dynamokv.map.forks",
            "Maps refused since the start because the node has another one of the same epoch; above 0 somebody must look"),
    HINTS_WAITING("dynamokv.hints.waiting", "Writes that this node keeps for owners until they have got them"),
    HINT_BYTES("dynamokv.hints.bytes", "What those writes hold; past the limit the node stands in for nobody"),
    HINTS_DELIVERED(
            Kind.COUNTER, "dynamokv.hints.delivered", "Kept writes that an owner has confirmed, since the start"),
    STOOD_IN(
            Kind.COUNTER,
            "dynamokv.hints.taken",
            "Writes taken in the place of an owner that was down, from other coordinators and as one, since the start"),
    EXCHANGES_OWED(
            "dynamokv.exchanges.owed",
            "Pairs of a partition and another owner that are to be compared as soon as possible"),
    EXCHANGES_COMPLETED(
            Kind.COUNTER, "dynamokv.exchanges.completed", "Exchanges that left both sides equal, since the start"),
    EXCHANGES_FAILED(
            Kind.COUNTER,
            "dynamokv.exchanges.failed",
            "Exchanges that ended before that and are tried again, since the start"),
    RECORDS_PULLED(
            Kind.COUNTER,
            "dynamokv.exchanges.records.pulled",
            "Records that came by exchanges of this node, since the start"),
    RECORDS_PUSHED(
            Kind.COUNTER,
            "dynamokv.exchanges.records.pushed",
            "Records that went by exchanges of this node, since the start"),
    EXCHANGE_BYTES(
            Kind.COUNTER,
            "dynamokv.exchanges.bytes",
            "Bytes of keys and records read and joined for exchanges, for those of peers too, since the start"),
    READ_REPAIRS(
            Kind.COUNTER,
            "dynamokv.read.repairs",
            "Replicas that got a record because a read found that they held less, since the start"),
    TAKEOVERS(
            Kind.COUNTER,
            "dynamokv.takeovers",
            "Requests that the next owner was asked to coordinate since the one before was slow or lost, since the start"),
    SIBLINGS_MAX(
            "dynamokv.record.siblings.max",
            "The most versions of one key, of those read or written in the last minute or two"),
    VECTOR_ENTRIES_MAX(
            "dynamokv.record.vector.entries.max",
            "The most writers that one key's vector names, of those read or written in the last minute or two"),
    TOMBSTONES_REAPED(
            Kind.COUNTER, "dynamokv.tombstones.reaped", "Tombstones that went by this node's proof, since the start"),
    TOMBSTONES_UNANSWERED(
            Kind.COUNTER,
            "dynamokv.tombstones.unanswered",
            "How often tombstones stayed because a member did not answer this node, since the start"),
    PEERS_ALIVE("dynamokv.peers.alive", "Other members that are alive as this node sees it"),
    PEERS_DOWN("dynamokv.peers.down", "Other members that are down as this node sees it"),
    GOSSIP_MESSAGES(Kind.COUNTER, "dynamokv.gossip.sent.messages", "Messages of gossip sent since the start"),
    GOSSIP_BYTES(Kind.COUNTER, "dynamokv.gossip.sent.bytes", "Their bytes, since the start"),
    GOSSIP_SUSPICIONS(
            Kind.COUNTER,
            "dynamokv.gossip.suspicions",
            "How often a member became suspect by gossip since the start, whoever found out"),
    GOSSIP_REFUTATIONS(
            Kind.COUNTER,
            "dynamokv.gossip.refutations",
            "How often this node had to refute what was said of it since the start"),
    MEMBERS_ALIVE("dynamokv.members.alive", "Other members that are alive by gossip"),
    MEMBERS_SUSPECT("dynamokv.members.suspect", "Other members that are suspect by gossip"),
    MEMBERS_DOWN("dynamokv.members.down", "Other members that are down by gossip"),
    CACHE_BYTES("dynamokv.store.cache.bytes", "RocksDB's block cache, write buffers included"),
    MEMTABLE_BYTES("dynamokv.store.memtable.bytes", "RocksDB's write buffers"),
    LIVE_BYTES("dynamokv.store.live.bytes", "Data on disk that is not overwritten yet, as RocksDB estimates it"),
    COMPACTION_BYTES("dynamokv.store.compaction.pending.bytes", "What RocksDB has yet to compact"),
    LOG_BYTES("dynamokv.store.log.bytes", "RocksDB's write-ahead log"),
    KEYS("dynamokv.store.keys", "Records held, as RocksDB estimates it"),
    DISK_USABLE_BYTES("dynamokv.disk.usable.bytes", "Free space of the data directory's volume");

    /** What a figure is to those who gather metrics. */
    public enum Kind {
        /** Goes up and down. */
        GAUGE,
        /** Since the start; never falls while the node runs. */
        COUNTER,
        /** A gauge, told in seconds as all times are. */
        MILLISECONDS
    }

    private final Kind kind;
    private final String metric;
    private final String description;

    Figure(String metric, String description) {
        this(Kind.GAUGE, metric, description);
    }

    Figure(Kind kind, String metric, String description) {
        this.kind = kind;
        this.metric = metric;
        this.description = description;
    }

    public Kind kind() {
        return kind;
    }

    public String metric() {
        return metric;
    }

    public String description() {
        return description;
    }
}
