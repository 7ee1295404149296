/**
 * Runs core's machines: shards with their batches and timers, the sync of the log, who is alive, and the map that is served. Depends on
 * core and {@code port}.
 */
@NullMarked
package io.dynamokv.node.runtime;

import org.jspecify.annotations.NullMarked;
