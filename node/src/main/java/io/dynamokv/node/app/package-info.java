/** Hangs the doors: opens the directory, starts the rooms, and stops them in order. Depends on all of the node. */
@NullMarked
package io.dynamokv.node.app;

import org.jspecify.annotations.NullMarked;
