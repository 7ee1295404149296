/** What a CRD says about its objects: which fields they have, with what defaults, and which rules (CEL) hold. Knows nothing else. */
@NullMarked
package io.dynamokv.local.kube.schema;

import org.jspecify.annotations.NullMarked;
