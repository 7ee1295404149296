/**
 * {@code ./dynamokv demo}: the nodes, their first map, the load balancer and the cart, on one machine without Kubernetes. Depends on core's
 * ring, {@code process} and {@code balancer}.
 */
@NullMarked
package io.dynamokv.local.demo;

import org.jspecify.annotations.NullMarked;
