/**
 * The port to a replica's storage, the pure step of a batch of operations on it (rules D2, W2, W4, W6), and the hash trees that change with the
 * rows. Depends on {@code version}, {@code ring}, {@code merkle} and {@code cluster}.
 */
@NullMarked
package io.dynamokv.core.store;

import org.jspecify.annotations.NullMarked;
