/**
 * What a node keeps on its disk: the replicas' records in RocksDB behind the {@code store} port, and the directory that holds the
 * node's identity, its starts, its newest map and its peers (rules N1, N3, M1, D1). Plain Java; depends on {@code core}, RocksDB
 * and Jackson, on no other package of the node.
 */
@NullMarked
package io.dynamokv.node.storage;

import org.jspecify.annotations.NullMarked;
