/**
 * Peer links over TCP: calling, listening, calling again, proving who one is. Depends on core, {@code port} and {@code wire}.
 */
@NullMarked
package io.dynamokv.node.transport;

import org.jspecify.annotations.NullMarked;
