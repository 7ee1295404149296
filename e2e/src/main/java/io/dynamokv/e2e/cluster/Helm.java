package io.dynamokv.e2e.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The helm command on the project's chart. */
public final class Helm {
    private final Commands commands;
    private final Path chart;

    public Helm(Commands commands, Path chart) {
        this.commands = commands;
        this.chart = chart;
    }

    public void install(String release, String namespace, Map<String, String> values) {
        var command = new ArrayList<>(List.of("helm", "install", release, chart.toString(), "--namespace", namespace));
        command.addAll(List.of("--create-namespace", "--wait", "--timeout", "180s"));
        commands.must(withValues(command, values));
    }

    public void upgrade(String release, String namespace, Map<String, String> values) {
        var command = new ArrayList<>(List.of("helm", "upgrade", release, chart.toString(), "--namespace", namespace));
        command.addAll(List.of("--wait", "--timeout", "180s"));
        commands.must(withValues(command, values));
    }

    private static List<String> withValues(List<String> command, Map<String, String> values) {
        values.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
        return command;
    }

    public void rollback(String release, String namespace) {
        commands.must(List.of("helm", "rollback", release, "--namespace", namespace, "--wait", "--timeout", "180s"));
    }

    public void uninstall(String release, String namespace) {
        commands.must(List.of("helm", "uninstall", release, "--namespace", namespace, "--wait", "--timeout", "180s"));
    }

    public boolean isInstalled(String release, String namespace) {
        return commands.run(List.of("helm", "status", release, "--namespace", namespace))
                        .code()
                == 0;
    }
}
