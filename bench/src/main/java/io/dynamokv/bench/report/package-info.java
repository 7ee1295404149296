/**
 * What was measured, as a table, as JSON, and as progress on the way. Depends on nothing else here.
 */
@NullMarked
package io.dynamokv.bench.report;

import org.jspecify.annotations.NullMarked;
