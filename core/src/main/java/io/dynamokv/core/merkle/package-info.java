/**
 * Hash trees over what a replica holds of a partition (Merkle 1987, Dynamo 4.7), of two levels: 1024 leaves and a root. A leaf is the XOR of its
 * keys' hashes, so a write changes it by its own old and new hash, and no order of writes matters. Depends on {@code version} and {@code ring}.
 */
@NullMarked
package io.dynamokv.core.merkle;

import org.jspecify.annotations.NullMarked;
