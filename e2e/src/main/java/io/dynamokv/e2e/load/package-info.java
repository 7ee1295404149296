/** A steady load on a store and the book of what it acknowledged. Depends on nothing of the project: it sees what a client sees. */
@NullMarked
package io.dynamokv.e2e.load;

import org.jspecify.annotations.NullMarked;
