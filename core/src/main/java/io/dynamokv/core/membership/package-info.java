/**
 * Who is alive: for now each node probes each peer directly. SWIM with Lifeguard takes this place in the next slice; the table it
 * fills stays. Depends on {@code cluster}.
 */
@NullMarked
package io.dynamokv.core.membership;

import org.jspecify.annotations.NullMarked;
