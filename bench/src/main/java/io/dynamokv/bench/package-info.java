/** The load generator's entry point. */
@NullMarked
package io.dynamokv.bench;

import org.jspecify.annotations.NullMarked;
