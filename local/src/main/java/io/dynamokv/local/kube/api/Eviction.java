package io.dynamokv.local.kube.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.ApiException;
import io.dynamokv.local.kube.object.Selector;

/** Deletes a pod if its disruption budget allows it, as a drain of a machine does. */
public final class Eviction {
    private final Api api;

    public Eviction(Api api) {
        this.api = api;
    }

    public ObjectNode evict(Target pod, Deletion deletion, WriteOptions options) {
        ObjectNode object = api.get(Target.of(pod.kind(), pod.namespace(), pod.name()));
        for (ObjectNode budget : api.list(BuiltIn.DISRUPTION_BUDGET, pod.namespace(), Selector.ALL)
                .items()) {
            boolean concerns =
                    Selector.ofObject(budget.path("spec").path("selector")).matches(object);
            if (concerns && budget.path("status").path("disruptionsAllowed").asInt() < 1) {
                throw new ApiException(
                        429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
            }
        }
        api.delete(Target.of(pod.kind(), pod.namespace(), pod.name()), deletion, options);
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Success");
    }
}
