/** What an object of the Kubernetes API is, as JSON: its kind, its name, its metadata, what selects it, and how a request is refused. */
@NullMarked
package io.dynamokv.local.kube.object;

import org.jspecify.annotations.NullMarked;
