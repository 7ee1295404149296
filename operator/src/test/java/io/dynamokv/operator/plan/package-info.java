@NullMarked
package io.dynamokv.operator.plan;

import org.jspecify.annotations.NullMarked;
