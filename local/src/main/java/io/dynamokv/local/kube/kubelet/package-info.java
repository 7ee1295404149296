/** The machines: pods of the API run as node processes of this machine, each at an address of its own. */
@NullMarked
package io.dynamokv.local.kube.kubelet;

import org.jspecify.annotations.NullMarked;
