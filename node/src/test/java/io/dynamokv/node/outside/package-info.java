/** The node as others meet it: real processes, driven through their ports alone. */
@NullMarked
package io.dynamokv.node.outside;

import org.jspecify.annotations.NullMarked;
