package io.dynamokv.node.telemetry;

import io.dynamokv.node.port.BodyFigures;
import io.dynamokv.node.port.Figure;
import io.dynamokv.node.port.NodeFigures;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** The node's figures as gauges; not a number while the node is not open. */
@Singleton
public class NodeGauges {
    void register(@Observes StartupEvent started, MeterRegistry registry, NodeFigures figures, BodyFigures bodies) {
        for (Figure figure : Figure.values()) {
            Gauge.builder(figure.metric(), figures, node -> valueOf(node, figure))
                    .description(figure.description())
                    .register(registry);
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

    private static double valueOf(NodeFigures node, Figure figure) {
        var value = node.figure(figure);
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }
}
