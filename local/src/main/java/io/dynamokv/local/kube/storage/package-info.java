/** The objects, one version after the other, with the history that watches read. Knows objects only. */
@NullMarked
package io.dynamokv.local.kube.storage;

import org.jspecify.annotations.NullMarked;
