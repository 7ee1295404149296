/** Who takes part in a cluster: identities, addresses, zones and the numbers that order them. Depends on nothing. */
@NullMarked
package io.dynamokv.core.cluster;

import org.jspecify.annotations.NullMarked;
