@NullMarked
package io.dynamokv.operator.app;

import org.jspecify.annotations.NullMarked;
