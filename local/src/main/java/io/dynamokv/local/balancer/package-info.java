/**
 * The load balancer of the demo: serves the cart's pages and spreads requests over the healthy nodes. vertx-http-proxy forwards; which
 * node is asked, what is repeated and what is answered when a node falls silent (rule W3) is decided here. Depends on nothing of the project.
 */
@NullMarked
package io.dynamokv.local.balancer;

import org.jspecify.annotations.NullMarked;
