/** What a cluster does by itself: StatefulSets make pods, Services find them, what nobody owns goes. Each looks at what there is and goes a step. */
@NullMarked
package io.dynamokv.local.kube.control;

import org.jspecify.annotations.NullMarked;
