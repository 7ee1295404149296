/** A whole cluster in one thread from one seed: the machines, virtual time, and a network, disks and clients that fail. */
@NullMarked
package io.dynamokv.core.simulation;

import org.jspecify.annotations.NullMarked;
