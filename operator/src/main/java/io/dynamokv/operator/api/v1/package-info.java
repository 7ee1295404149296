/** The resource {@code DynamoCluster} as people write it and as the operator reports on it. Depends on nothing of the operator. */
@NullMarked
package io.dynamokv.operator.api.v1;

import org.jspecify.annotations.NullMarked;
