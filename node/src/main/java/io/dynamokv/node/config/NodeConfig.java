package io.dynamokv.node.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The settings of one process, under {@code dynamokv}. What nodes must agree on is in the map instead (rule M5). */
@ConfigMapping(prefix = "dynamokv")
public interface NodeConfig {
    /** The node's directory; required. */
    Optional<Path> dataDir();

    /** The cluster secret, lines of {@code keyId:hex}; required. */
    Optional<Path> secretFile();

    /** What people call the node; the host's name if it is not set. */
    Optional<String> name();

    /** The address on which it listens. */
    @WithDefault("127.0.0.1")
    String host();

    /** The address at which others reach it, a name if it changes with a restart; {@code host} if it is not set. */
    Optional<String> advertisedHost();

    @WithDefault("8080")
    int httpPort();

    @WithDefault("9000")
    int adminPort();

    @WithDefault("7000")
    int peerPort();

    /** Threads that own partitions, each an event loop; as many as there are cores if it is not set. */
    Optional<Integer> shards();

    /** A directory of another cluster is refused. */
    Optional<String> expectedCluster();

    /** The node ends when its standard input reaches the end: whoever started it is gone. */
    @WithDefault("false")
    boolean stopWhenStdinCloses();

    Limits limits();

    Timing timing();

    Exchanges exchanges();

    Membership membership();

    Storage storage();

    /** What clients may ask for. */
    interface Limits {
        /** Bytes of a key in UTF-8. */
        @WithDefault("1024")
        int keyBytesMax();

        /** Bytes of a value; at most {@code quarkus.http.limits.max-body-size}. */
        @WithDefault("1048576")
        int valueBytesMax();

        /** Versions of a key before clients' writes to it are refused (rule W6). */
        @WithDefault("100")
        int siblingsMax();

        /** Bytes of a record before clients' writes to it are refused (rule W6). */
        @WithDefault("4194304")
        long recordBytesMax();

        /** What all requests under way may hold together; past that they are shed. */
        @WithDefault("33554432")
        long underWayBytesMax();

        /** How many requests may be under way; past that they are shed: those behind them would hardly be answered in time. */
        @WithDefault("1024")
        int underWayRequestsMax();

        /** What the node keeps for owners that are down; past that it stands in for nobody, and drops nothing (rule H2). */
        @WithDefault("1073741824")
        long hintBytesMax();
    }

    /** How long things may take. */
    interface Timing {
        /** After this long one more replica is asked, or the next owner takes over. */
        @WithDefault("100ms")
        Duration hedge();

        /** After this long a request ends, whatever is missing. */
        @WithDefault("700ms")
        Duration request();

        /** A client whose request has not come whole by then is let go. */
        @WithDefault("10s")
        Duration receive();

        /** How long after it was overwritten or deleted a write may be repeated (rule W4); at most the two minutes for which records know it. */
        @WithDefault("2m")
        Duration repeats();

        /** How old a tombstone must be before it may go (rule T1); longer than {@code repeats}, by more than clocks differ. */
        @WithDefault("1h")
        Duration tombstoneAge();

        /** Between the two proofs of a tombstone: longer than a value can be on its way (rule T2). */
        @WithDefault("30s")
        Duration reapSettle();

        /** Silence after which a peer is asked last. */
        @WithDefault("400ms")
        Duration suspectAfter();

        /** Silence after which a peer is not asked. */
        @WithDefault("1200ms")
        Duration downAfter();
    }

    /** Comparing what the node holds with the other owners, and moving what differs. */
    interface Exchanges {
        /** What the node reads and joins for them, its own and those of its peers, while there are no clients; a part of it while there are. */
        @WithDefault("67108864")
        long bytesPerSecond();
    }

    /** How nodes find out together who is alive (SWIM with Lifeguard), and what it may cost. All nodes should have the same. */
    interface Membership {
        Probe probe();

        Suspicion suspicion();

        Gossip gossip();
    }

    /** Asking one member after the other for a sign of life. */
    interface Probe {
        @WithDefault("1s")
        Duration period();

        /** After this long without an answer others are asked to ask too; at most half the period. */
        @WithDefault("500ms")
        Duration timeout();

        /** How many others are asked. */
        @WithDefault("3")
        int indirect();

        /** A node that finds itself unwell takes up to one more than this times as long. */
        @WithDefault("8")
        int healthScoreMax();

        /** A node that did nothing for this long was itself paused, and concludes nothing. */
        @WithDefault("1s")
        Duration pause();
    }

    /** From suspect to down. */
    interface Suspicion {
        /** In probe periods, times the decimal logarithm of the number of nodes. */
        @WithDefault("4")
        int multiplier();

        /** The shortest, when enough others have confirmed it. */
        @WithDefault("1s")
        Duration min();

        /** How many others are enough. */
        @WithDefault("3")
        int confirmations();
    }

    /** Passing news on. */
    interface Gossip {
        @WithDefault("200ms")
        Duration period();

        /** How many members hear the news in one period. */
        @WithDefault("3")
        int fanout();

        /** How often one node passes one piece of news on, times the decimal logarithm of the number of nodes. */
        @WithDefault("6")
        int retransmitMultiplier();

        /** Bytes of a message, syncs apart. */
        @WithDefault("1400")
        int messageBytesMax();

        /** Between two comparisons of all that is known with a random member. */
        @WithDefault("30s")
        Duration syncPeriod();
    }

    /** RocksDB's memory, and its disk. */
    interface Storage {
        /** Block cache; the write buffers are charged to it. */
        @WithDefault("100663296")
        long blockCacheBytes();

        /** When this much of the volume is used, clients' writes are refused; reads and deletes go on. */
        @WithDefault("90")
        int diskUsedPercentMax();
    }
}
