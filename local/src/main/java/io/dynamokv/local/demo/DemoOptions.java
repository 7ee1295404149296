package io.dynamokv.local.demo;

import io.dynamokv.core.ring.Durability;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * What was asked for on the command line.
 *
 * @param home the project's folder, where the built parts are
 */
record DemoOptions(
        Path home, Path directory, int nodes, int port, boolean fresh, boolean restart, Durability durability) {
    static final int NODES_MAX = 9;

    static final String USAGE = """
            Usage: ./dynamokv demo [options]

              --dir D            keep data, logs and demo.json in D (default .demo in the project)
              --fresh            empty D first
              --nodes N          so many nodes, 1 to 9 (default 3)
              --port P           port of the cart and the API (default 8080)
              --no-restart       leave a node dead that was killed (else it is started again after 3 s)
              --durability D     sync (default): an acknowledged write is on disk; buffered: in the system's memory
            """;

    static DemoOptions parse(Path home, List<String> arguments) {
        var options = new DemoOptions(home, home.resolve(".demo"), 3, 8080, false, true, Durability.SYNC);
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            options = switch (option) {
                case "--fresh" -> options.with(true, options.restart);
                case "--no-restart" -> options.with(options.fresh, false);
                case "--dir" ->
                    options.with(Path.of(value(option, rest)).toAbsolutePath().normalize());
                case "--nodes" -> options.with(number(option, rest, 1, NODES_MAX), options.port);
                case "--port" -> options.with(options.nodes, number(option, rest, 1, 65_535));
                case "--durability" -> options.with(durability(value(option, rest)));
                default -> throw new DemoException("unknown option " + option + "\n\n" + USAGE);
            };
        }
        return options;
    }

    private DemoOptions with(boolean newFresh, boolean newRestart) {
        return new DemoOptions(home, directory, nodes, port, newFresh, newRestart, durability);
    }

    private DemoOptions with(Path newDirectory) {
        return new DemoOptions(home, newDirectory, nodes, port, fresh, restart, durability);
    }

    private DemoOptions with(int newNodes, int newPort) {
        return new DemoOptions(home, directory, newNodes, newPort, fresh, restart, durability);
    }

    private DemoOptions with(Durability newDurability) {
        return new DemoOptions(home, directory, nodes, port, fresh, restart, newDurability);
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new DemoException(option + " needs a value\n\n" + USAGE);
        }
        return rest.next();
    }

    private static int number(String option, Iterator<String> rest, int min, int max) {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // the message below says what is right
        }
        throw new DemoException(option + " must be a number from " + min + " to " + max + ", was '" + text + "'");
    }

    private static Durability durability(String text) {
        for (Durability durability : Durability.values()) {
            if (durability.name().toLowerCase(Locale.ROOT).equals(text)) {
                return durability;
            }
        }
        throw new DemoException("--durability must be sync or buffered, was '" + text + "'");
    }
}
