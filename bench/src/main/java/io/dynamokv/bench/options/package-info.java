/**
 * What the command line asks for. Depends on {@code workload} and {@code client}.
 */
@NullMarked
package io.dynamokv.bench.options;

import org.jspecify.annotations.NullMarked;
