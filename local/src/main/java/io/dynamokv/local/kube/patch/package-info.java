/** Changes of JSON: merge, strategic merge, JSON patch and server-side apply, as functions. Knows JSON only. */
@NullMarked
package io.dynamokv.local.kube.patch;

import org.jspecify.annotations.NullMarked;
