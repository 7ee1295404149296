/** Counting votes, apart from who asks for them and how. Depends on {@code cluster}. */
@NullMarked
package io.dynamokv.core.quorum;

import org.jspecify.annotations.NullMarked;
