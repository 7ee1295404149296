/** The nodes' admin API as the operator calls it. What goes wrong out there is a value here. Depends on core alone. */
@NullMarked
package io.dynamokv.operator.nodes;

import org.jspecify.annotations.NullMarked;
