/** Wires the operator. */
@NullMarked
package io.dynamokv.operator.app;

import org.jspecify.annotations.NullMarked;
