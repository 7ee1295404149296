/**
 * Who owns what: the token of a key, the numbered cluster map with its partitions and slots, the walk along a partition's
 * candidates, and the planner of placements. Depends on {@code cluster}.
 */
@NullMarked
package io.dynamokv.core.ring;

import org.jspecify.annotations.NullMarked;
