/**
 * The Kubernetes objects of a cluster, as pure functions of its resource (ADR 006). All names and labels are in {@code Names}. Depends on {@code api.v1};
 * calls nothing.
 */
@NullMarked
package io.dynamokv.operator.desired;

import org.jspecify.annotations.NullMarked;
