/** The resource's status as one pure function of what was seen and what is done. Depends on {@code plan}, {@code desired} and {@code api.v1}. */
@NullMarked
package io.dynamokv.operator.status;

import org.jspecify.annotations.NullMarked;
