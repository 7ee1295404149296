package io.dynamokv.node;

import io.dynamokv.node.port.BodyFigures;
import io.dynamokv.node.port.Figure;
import java.util.Arrays;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Prometheus is told the figures are called. */
public final class MetricNames {
    private MetricNames() {}

    public static SortedSet<String> all() {
        return Stream.concat(
                        Arrays.stream(Figure.values()).map(MetricNames::of),
                        Stream.of(BodyFigures.METRIC, BodyFigures.ANSWERS_METRIC)
                                .map(MetricNames::of))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String of(Figure figure) {
        String name = of(figure.metric());
        return switch (figure.kind()) {
            case GAUGE -> name;
            case COUNTER -> name + "_total";
            case MILLISECONDS -> name + "_seconds";
        };
    }

    private static String of(String metric) {
        if (!metric.matches("dynamokv(\\.[a-z]+){1,4}")) {
            throw new AssertionError(metric + " is not of the one scheme");
        }
        return metric.replace('.', '_');
    }
}
