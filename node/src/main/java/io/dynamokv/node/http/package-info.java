/**
 * The doors for clients and for the operator: paths, headers, status codes and their DTOs. Depends on core, {@code port} and {@code
 * config}.
 */
@NullMarked
package io.dynamokv.node.http;

import org.jspecify.annotations.NullMarked;
