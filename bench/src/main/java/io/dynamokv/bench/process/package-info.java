/**
 * The nodes as processes of this machine: who they are, what they cost, and the end of one. Depends on nothing else here.
 */
@NullMarked
package io.dynamokv.bench.process;

import org.jspecify.annotations.NullMarked;
