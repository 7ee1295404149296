/**
 * The port to a replica's storage and the pure step of a batch of operations on it (rules D2, W2, W4, W6). Depends on {@code
 * version}, {@code ring} and {@code cluster}.
 */
@NullMarked
package io.dynamokv.core.store;

import org.jspecify.annotations.NullMarked;
