@NullMarked
package io.dynamokv.operator.status;

import org.jspecify.annotations.NullMarked;
