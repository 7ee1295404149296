/** Storage nodes as processes of this machine: started, watched, started again, and never left behind. Depends on nothing of the project. */
@NullMarked
package io.dynamokv.local.process;

import org.jspecify.annotations.NullMarked;
