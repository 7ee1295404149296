package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Finalizers;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;

/** Claims are bound at once, grow at once, and go when no pod uses them. Their directories are the kubelet's. */
public final class Claims implements Controller {
    private static final WriteOptions AGENT = WriteOptions.of("persistentvolume-controller");

    private final Api api;

    public Claims(Api api) {
        this.api = api;
    }

    @Override
    public void pass() {
        for (ObjectNode claim : api.list(BuiltIn.CLAIM)) {
            if (Meta.isDeleting(claim)) {
                release(claim);
            } else {
                bind(claim);
            }
        }
    }

    private void release(ObjectNode claim) {
        boolean used = api.list(BuiltIn.POD).stream()
                .anyMatch(pod -> Meta.namespace(pod).equals(Meta.namespace(claim))
                        && Pods.claims(pod).contains(Meta.name(claim)));
        if (!used && Meta.finalizers(claim).contains(Finalizers.CLAIM_IN_USE)) {
            Meta.removeFinalizer(claim, Finalizers.CLAIM_IN_USE);
            api.update(Target.of(BuiltIn.CLAIM, Meta.namespace(claim), Meta.name(claim)), claim, AGENT);
        }
    }

    private void bind(ObjectNode claim) {
        if (!claim.path("spec").has("volumeName")) {
            claim.withObjectProperty("spec").put("volumeName", "pvc-" + Meta.uid(claim));
            api.update(Target.of(BuiltIn.CLAIM, Meta.namespace(claim), Meta.name(claim)), claim, AGENT);
            return;
        }
        JsonNode wanted = claim.path("spec").path("resources").path("requests");
        ObjectNode status = claim.withObjectProperty("status");
        boolean differs = !status.path("phase").asText().equals("Bound")
                || !status.path("capacity").equals(wanted);
        if (differs) {
            status.put("phase", "Bound").set("capacity", wanted);
            status.set("accessModes", claim.path("spec").path("accessModes"));
            api.update(Target.status(BuiltIn.CLAIM, Meta.namespace(claim), Meta.name(claim)), claim, AGENT);
        }
    }
}
