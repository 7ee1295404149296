/**
 * What is read and written, and what a read may show afterwards: pure, without I/O. Depends on nothing.
 */
@NullMarked
package io.dynamokv.bench.workload;

import org.jspecify.annotations.NullMarked;
