/** The chart's tests: lint, the schema of its values, its templates against goldens, and its copy of the CRD. */
@NullMarked
package io.dynamokv.helm;

import org.jspecify.annotations.NullMarked;
