/** The verbs of the Kubernetes API on stored objects: what a request does, without HTTP. Each call is one step under one lock. */
@NullMarked
package io.dynamokv.local.kube.api;

import org.jspecify.annotations.NullMarked;
