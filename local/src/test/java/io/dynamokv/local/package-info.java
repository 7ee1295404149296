@NullMarked
package io.dynamokv.local;

import org.jspecify.annotations.NullMarked;
