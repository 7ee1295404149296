package io.dynamokv.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Faults that no Kubernetes API can make: whoever runs the cluster gives a directory with the programs {@code node-kill NAME}, {@code node-start NAME}, {@code
 * api-stop} and {@code api-start}. What is not there is not played, and the report says so.
 */
public final class Faults {
    private final Optional<Path> directory;
    private final Commands commands;

    public Faults(Optional<Path> directory, Commands commands) {
        this.directory = directory;
        this.commands = commands;
    }

    public boolean can(String... programs) {
        return directory.isPresent()
                && Stream.of(programs)
                        .allMatch(program -> Files.isExecutable(directory.get().resolve(program)));
    }

    public void play(String program, String... arguments) {
        Path path = directory
                .map(base -> base.resolve(program).toAbsolutePath())
                .orElseThrow(() -> new FailedException("no directory of faults was given"));
        commands.must(java.util.stream.Stream.concat(java.util.stream.Stream.of(path.toString()), Stream.of(arguments))
                .toList());
    }
}
