package io.dynamokv.bench.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run cost. Null and an empty list where it is not known, as of nodes on other machines.
 *
 * @param nodesMicrosPerOperation processor time of all nodes together per successful operation
 * @param generatorMicrosPerOperation that of the load generator, reading of the answers included
 * @param residentMebibytes of each node, at the end
 */
public record Cost(
        @Nullable Double nodesMicrosPerOperation,
        @Nullable Double generatorMicrosPerOperation,
        List<Long> residentMebibytes) {
    public Cost {
        residentMebibytes = List.copyOf(residentMebibytes);
    }
}
