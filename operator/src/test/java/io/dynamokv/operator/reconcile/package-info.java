@NullMarked
package io.dynamokv.operator.reconcile;

import org.jspecify.annotations.NullMarked;
