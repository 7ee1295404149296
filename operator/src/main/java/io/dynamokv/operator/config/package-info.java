/** The operator's own settings. */
@NullMarked
package io.dynamokv.operator.config;

import org.jspecify.annotations.NullMarked;
