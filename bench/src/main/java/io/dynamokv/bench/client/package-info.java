/**
 * One HTTP request at a time to one node, with no retries. Depends on nothing else here.
 */
@NullMarked
package io.dynamokv.bench.client;

import org.jspecify.annotations.NullMarked;
