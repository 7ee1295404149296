@NullMarked
package io.dynamokv.local.kube.schema;

import org.jspecify.annotations.NullMarked;
