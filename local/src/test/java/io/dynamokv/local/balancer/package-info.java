@NullMarked
package io.dynamokv.local.balancer;

import org.jspecify.annotations.NullMarked;
