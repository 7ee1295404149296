package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.FailedException;
import java.util.List;

/** Specs that would break a cluster are refused by the API server, with a message that says what to do. */
final class BadSpecs implements Scenario {
    private record Bad(String said, String specLine) {}

    private static final List<Bad> NEW = List.of(
            new Bad("partitions", "ring: {partitions: 100}"),
            new Bad("readQuorum", "ring: {readQuorum: 4}"),
            new Bad("writeQuorum", "ring: {writeQuorum: 4}"),
            new Bad("replicationFactor", "ring: {replicationFactor: 5}"),
            new Bad("name", "buckets: [{name: 'Not A Bucket'}]"),
            new Bad("conflicts", "buckets: [{name: carts, conflicts: perhaps}]"));

    @Override
    public String name() {
        return "bad-specs";
    }

    @Override
    public String play(Stage stage) {
        for (Bad bad : NEW) {
            requireRefused(stage, Stage.resource("bad", bad.specLine()), bad.said());
        }
        String shrunk = Stage.resource(Stage.CLUSTER).replace("size: 1Gi", "size: 500Mi");
        requireRefused(stage, shrunk, "size");
        requireRefused(stage, Stage.resource(Stage.CLUSTER).replace("replicas: 3", "replicas: 5"), "replicas");
        requireRefused(stage, Stage.resource(Stage.CLUSTER, "ring: {partitions: 512}"), "partitions");
        return (NEW.size() + 3) + " refused, each with its field named";
    }

    private static void requireRefused(Stage stage, String yaml, String said) {
        String refusal = stage.kube()
                .refusalOf(stage.namespace(), yaml)
                .orElseThrow(() -> new FailedException("this was accepted:\n" + yaml));
        if (!refusal.contains(said)) {
            throw new FailedException("the refusal does not name " + said + ": " + refusal);
        }
    }
}
