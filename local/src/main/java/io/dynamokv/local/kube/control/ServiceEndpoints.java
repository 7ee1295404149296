package io.dynamokv.local.kube.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.api.Target;
import io.dynamokv.local.kube.api.WriteOptions;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.object.Meta;
import io.dynamokv.local.kube.object.Selector;
import java.util.List;
import java.util.Optional;

/** Which pods are behind a Service, as EndpointSlice and as Endpoints. */
public final class ServiceEndpoints implements Controller {
    private static final WriteOptions AGENT = WriteOptions.of("endpoint-controller");

    private final Api api;

    public ServiceEndpoints(Api api) {
        this.api = api;
    }

    @Override
    public void pass() {
        for (ObjectNode service : api.list(BuiltIn.SERVICE)) {
            boolean selects = !service.path("spec").path("selector").isEmpty();
            if (selects && !Meta.isDeleting(service)) {
                List<ObjectNode> pods = api
                        .list(
                                BuiltIn.POD,
                                Meta.namespace(service),
                                Selector.ofMap(service.path("spec").path("selector")))
                        .items()
                        .stream()
                        .filter(pod -> pod.path("status").has("podIP"))
                        .toList();
                write(BuiltIn.ENDPOINT_SLICE, slice(service, pods));
                write(BuiltIn.ENDPOINTS, endpoints(service, pods));
            }
        }
    }

    private void write(Kind kind, ObjectNode object) {
        String namespace = Meta.namespace(object);
        Optional<ObjectNode> old = api.find(kind, namespace, Meta.name(object));
        if (old.isEmpty()) {
            api.create(kind, namespace, object, AGENT);
        } else {
            api.update(Target.of(kind, namespace, Meta.name(object)), object, AGENT);
        }
    }

    private static ObjectNode owned(ObjectNode service, String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        metadata.put("namespace", Meta.namespace(service));
        metadata.putArray("ownerReferences").add(Meta.ownerReference(BuiltIn.SERVICE, service, true));
        return object;
    }

    private static boolean serves(JsonNode service, JsonNode pod) {
        return service.path("spec").path("publishNotReadyAddresses").asBoolean()
                || (Pods.isReady(pod) && !Meta.isDeleting(pod));
    }

    private static ObjectNode reference(JsonNode pod) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Pod")
                .put("namespace", Meta.namespace(pod))
                .put("name", Meta.name(pod))
                .put("uid", Meta.uid(pod));
    }

    private static ObjectNode slice(ObjectNode service, List<ObjectNode> pods) {
        ObjectNode slice = owned(service, Meta.name(service) + "-slice");
        Meta.of(slice)
                .putObject("labels")
                .put("kubernetes.io/service-name", Meta.name(service))
                .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
        slice.put("addressType", "IPv4");
        ArrayNode endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : pods) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(pod.path("status").path("podIP").asText());
            endpoint.putObject("conditions")
                    .put("ready", serves(service, pod))
                    .put("serving", Pods.isReady(pod))
                    .put("terminating", Meta.isDeleting(pod));
            endpoint.put("nodeName", Pods.nodeName(pod)).set("targetRef", reference(pod));
        }
        slice.set("ports", ports(service));
        return slice;
    }

    private static ObjectNode endpoints(ObjectNode service, List<ObjectNode> pods) {
        ObjectNode endpoints = owned(service, Meta.name(service));
        if (pods.isEmpty()) {
            return endpoints;
        }
        ObjectNode subset = endpoints.putArray("subsets").addObject();
        for (ObjectNode pod : pods) {
            String field = serves(service, pod) ? "addresses" : "notReadyAddresses";
            subset.withArrayProperty(field)
                    .addObject()
                    .put("ip", pod.path("status").path("podIP").asText())
                    .put("nodeName", Pods.nodeName(pod))
                    .set("targetRef", reference(pod));
        }
        subset.set("ports", ports(service));
        return endpoints;
    }

    private static ArrayNode ports(JsonNode service) {
        ArrayNode ports = JsonNodeFactory.instance.arrayNode();
        for (JsonNode port : service.path("spec").path("ports")) {
            ObjectNode told = ports.addObject();
            if (port.has("name")) {
                told.set("name", port.path("name"));
            }
            told.set("port", port.path("targetPort").isInt() ? port.path("targetPort") : port.path("port"));
            told.set("protocol", port.path("protocol"));
        }
        return ports;
    }
}
