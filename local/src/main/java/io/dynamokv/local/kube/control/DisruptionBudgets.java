package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.Selector;
import java.util.List;

/** Says how many pods of a budget may be evicted at the moment. */
public final class DisruptionBudgets implements Controller {
    private static final WriteOptions AGENT = WriteOptions.of("disruption-controller");

    private final Api api;

    public DisruptionBudgets(Api api) {
        this.api = api;
    }

    @Override
    public void pass() {
        for (ObjectNode budget : api.list(BuiltIn.DISRUPTION_BUDGET)) {
            JsonNode spec = budget.path("spec");
            List<ObjectNode> pods = api.list(
                            BuiltIn.POD, Meta.namespace(budget), Selector.ofObject(spec.path("selector")))
                    .items();
            int healthy = (int) pods.stream().filter(Pods::isReady).count();
            int desired = spec.has("minAvailable")
                    ? amount(spec.path("minAvailable"), pods.size())
                    : pods.size() - amount(spec.path("maxUnavailable"), pods.size());
            ObjectNode status = budget.withObjectProperty("status");
            status.put("observedGeneration", Meta.generation(budget));
            status.put("expectedPods", pods.size()).put("currentHealthy", healthy);
            status.put("desiredHealthy", Math.max(0, desired));
            status.put("disruptionsAllowed", Math.max(0, healthy - Math.max(0, desired)));
            api.update(
                    Target.status(BuiltIn.DISRUPTION_BUDGET, Meta.namespace(budget), Meta.name(budget)), budget, AGENT);
        }
    }

    private static int amount(JsonNode value, int pods) {
        if (value.isTextual() && value.asText().endsWith("%")) {
            int percent = Integer.parseInt(value.asText().replace("%", ""));
            return Math.ceilDiv(percent * pods, 100);
        }
        return value.asInt();
    }
}
