/**
 * The bytes of peer links: frames, the handshake and the messages, all versioned. Depends on core alone.
 */
@NullMarked
package io.dynamokv.node.wire;

import org.jspecify.annotations.NullMarked;
