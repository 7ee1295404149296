/**
 * Data versioning: a record is a version vector and its siblings, each with explicit dots (rules D1 to D6). Depends on
 * {@code cluster}.
 */
@NullMarked
package io.dynamokv.core.version;

import org.jspecify.annotations.NullMarked;
