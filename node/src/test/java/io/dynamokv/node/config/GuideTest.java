package io.dynamokv.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.node.MetricNames;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an operator can set and see is in the guide, and nothing else is. */
class GuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "guide.md");
    /** {@code | `dynamokv.x` | `default` | ...}, or words in place of a default. */
    private static final Pattern SETTING =
            Pattern.compile("^\\| `(dynamokv\\.[a-z.-]+)` \\| (?:`([^`]*)`|[^|`]+|`[^|]*) \\| .*", Pattern.MULTILINE);

    private static final Pattern METRIC = Pattern.compile("dynamokv_[a-z_]+");
    private static final String SETTING_WITHOUT_DEFAULT = "";

    private static String guide() throws IOException {
        return Files.readString(GUIDE);
    }

    private static String section(String heading) throws IOException {
        String guide = guide();
        int from = guide.indexOf("\n### " + heading + "\n");
        return guide.substring(from, guide.indexOf("\n#", from + 2));
    }

    private static Map<String, String> settingsOf(String prefix, Class<?> type) {
        var settings = new TreeMap<String, String>();
        for (Method method : type.getDeclaredMethods()) {
            String name =
                    prefix + "." + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            if (Arrays.asList(NodeConfig.class.getClasses()).contains(method.getReturnType())) {
                settings.putAll(settingsOf(name, method.getReturnType()));
            } else {
                WithDefault given = method.getAnnotation(WithDefault.class);
                settings.put(name, given == null ? SETTING_WITHOUT_DEFAULT : given.value());
            }
        }
        return settings;
    }

    @Test
    void everySettingIsThereWithItsDefault() throws IOException {
        var told = new TreeMap<String, String>();
        Map<String, String> known = settingsOf("dynamokv", NodeConfig.class);
        SETTING.matcher(section("Configuration")).results().forEach((MatchResult row) -> {
            String value = row.group(2);
            boolean isWords = value == null || SETTING_WITHOUT_DEFAULT.equals(known.get(row.group(1)));
            told.put(row.group(1), isWords ? SETTING_WITHOUT_DEFAULT : value);
        });

        assertEquals(known, told);
    }

    @Test
    void everyMetricIsThereAndHasANameOfTheOneScheme() throws IOException {
        Set<String> told = METRIC.matcher(section("Metrics"))
                .results()
                .map(MatchResult::group)
                .filter(name -> !name.startsWith("dynamokv_requests_seconds"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(MetricNames.all(), told);
    }
}
