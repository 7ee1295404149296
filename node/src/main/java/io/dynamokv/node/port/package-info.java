/**
 * The doors between the rooms of a node. The rooms do not know each other; {@code app} hangs the doors. Depends on core alone.
 */
@NullMarked
package io.dynamokv.node.port;

import org.jspecify.annotations.NullMarked;
