/** What the node tells of itself: metrics and health. Depends on {@code port}. */
@NullMarked
package io.dynamokv.node.telemetry;

import org.jspecify.annotations.NullMarked;
