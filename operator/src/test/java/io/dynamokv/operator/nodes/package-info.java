@NullMarked
package io.dynamokv.operator.nodes;

import org.jspecify.annotations.NullMarked;
