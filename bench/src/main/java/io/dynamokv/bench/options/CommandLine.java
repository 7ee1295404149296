package io.dynamokv.bench.options;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words of a command line as options with and without values. */
final class CommandLine {
    static final Set<String> WITH_VALUE = Set.of(
            "--targets",
            "--demo",
            "--pids",
            "--mix",
            "--clients",
            "--rate",
            "--keys",
            "--value-bytes",
            "--seconds",
            "--warmup",
            "--distribution",
            "--bucket",
            "--json");
    static final Set<String> FLAGS = Set.of("--siblings", "--kill", "--no-load", "--help", "-h");

    private final Map<String, String> values = new HashMap<>();

    private CommandLine() {}

    static CommandLine parse(List<String> words) throws OptionException {
        var line = new CommandLine();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (FLAGS.contains(name) && equals < 0) {
                line.values.put(name, "");
            } else if (!WITH_VALUE.contains(name)) {
                throw new OptionException("Unknown option " + word + "; --help lists all");
            } else if (equals < 0 && (++i == words.size() || words.get(i).startsWith("--"))) {
                throw new OptionException(name + " needs a value");
            } else if (line.values.put(name, equals < 0 ? words.get(i) : word.substring(equals + 1)) != null) {
                throw new OptionException(name + " is given twice");
            }
        }
        return line;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    String value(String name) {
        return values.get(name);
    }

    String value(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}
