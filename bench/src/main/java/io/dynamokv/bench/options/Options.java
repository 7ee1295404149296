package io.dynamokv.bench.options;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.Distribution;
import io.dynamokv.bench.workload.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to run against which nodes. Either {@code targets} (and the {@code pids} that cost) or {@code demo} say where they are.
 *
 * @param rate operations due per second; empty for a closed loop
 */
public record Options(
        List<Target> targets,
        List<Long> pids,
        Optional<Path> demo,
        List<Mix> mixes,
        List<Integer> clients,
        OptionalInt rate,
        int keys,
        int valueBytes,
        Duration measured,
        Duration warmup,
        Distribution distribution,
        String bucket,
        boolean siblings,
        boolean kill,
        boolean load,
        Optional<Path> json) {
    public Options {
        targets = List.copyOf(targets);
        pids = List.copyOf(pids);
        mixes = List.copyOf(mixes);
        clients = List.copyOf(clients);
    }

    public int clientsMax() {
        return clients.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }
}
