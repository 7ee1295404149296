/** observe, plan, apply, status: one step per pass. Depends on all of the operator but {@code app}. */
@NullMarked
package io.dynamokv.operator.reconcile;

import org.jspecify.annotations.NullMarked;
