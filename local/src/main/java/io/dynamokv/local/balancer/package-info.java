/**
 * The load balancer of the demo: serves the cart's pages and spreads requests over the healthy nodes. vertx-http-proxy forwards; which
 * node is asked ({@code Choice}), what is repeated and what is answered when a node dies or falls silent ({@code Repetition}; rules W3, W4) is
 * decided here. Depends on nothing of the project.
 */
@NullMarked
package io.dynamokv.local.balancer;

import org.jspecify.annotations.NullMarked;
