/** Hands on a real cluster: its API, the helm command, and faults that only whoever runs the cluster can make. */
@NullMarked
package io.dynamokv.e2e.cluster;

import org.jspecify.annotations.NullMarked;
