package io.dynamokv.node.telemetry;

import io.dynamokv.node.port.BodyFigures;
import io.dynamokv.node.port.Figure;
import io.dynamokv.node.port.NodeFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;

/** The node's figures as metrics; while the node is not open gauges are not a number, and counters zero. */
@Singleton
public class NodeMetrics {
    void register(@Observes StartupEvent started, MeterRegistry registry, NodeFigures figures, BodyFigures bodies) {
        for (Figure figure : Figure.values()) {
            switch (figure.kind()) {
                case GAUGE ->
                    Gauge.builder(figure.metric(), figures, node -> valueOf(node, figure))
                            .description(figure.description())
                            .register(registry);
                case COUNTER ->
                    FunctionCounter.builder(figure.metric(), figures, node -> countOf(node, figure))
                            .description(figure.description())
                            .register(registry);
                case MILLISECONDS ->
                    TimeGauge.builder(figure.metric(), figures, TimeUnit.MILLISECONDS, node -> valueOf(node, figure))
                            .description(figure.description())
                            .register(registry);
            }
        }
        Gauge.builder(BodyFigures.METRIC, bodies, BodyFigures::bodyBytes)
                .description(
                        "Bytes held by clients' bodies from their heads on; past the limit they are refused unread")
                .register(registry);
        Gauge.builder(BodyFigures.ANSWERS_METRIC, bodies, BodyFigures::answerBytes)
                .description(
                        "Bytes held by answers that clients have not fetched; past the limit further reads are refused")
                .register(registry);
    }

    private static double countOf(NodeFigures node, Figure figure) {
        return node.figure(figure).orElse(0);
    }

    private static double valueOf(NodeFigures node, Figure figure) {
        var value = node.figure(figure);
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }
}
