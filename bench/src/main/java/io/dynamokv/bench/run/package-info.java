/**
 * The phases of a benchmark: load, the measured loop (closed or open), the kill and the reading back. May depend on all its neighbours.
 */
@NullMarked
package io.dynamokv.bench.run;

import org.jspecify.annotations.NullMarked;
