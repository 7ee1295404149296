/** The settings of a node, a small interface for each concern. Depends on nothing of the node. */
@NullMarked
package io.dynamokv.node.config;

import org.jspecify.annotations.NullMarked;
