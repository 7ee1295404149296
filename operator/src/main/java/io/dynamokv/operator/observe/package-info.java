/** What there is: the objects of a cluster as the API server has them, and its nodes as they speak. Depends on {@code plan}, {@code nodes}, {@code desired}. */
@NullMarked
package io.dynamokv.operator.observe;

import org.jspecify.annotations.NullMarked;
