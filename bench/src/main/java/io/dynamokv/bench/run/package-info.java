/**
 * The phases of a benchmark: load, the measured closed loop, the kill and the reading back. May depend on all its neighbours.
 */
@NullMarked
package io.dynamokv.bench.run;

import org.jspecify.annotations.NullMarked;
