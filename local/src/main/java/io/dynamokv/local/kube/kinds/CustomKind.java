package io.dynamokv.local.kube.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.dynamokv.local.kube.object.Kind;
import io.dynamokv.local.kube.patch.ListKeys;
import io.dynamokv.local.kube.schema.StructuralSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One version of a CRD.
 *
 * @param printerColumns as in the CRD
 * @param scale the paths of the scale subresource as in the CRD
 */
public record CustomKind(
        Kind kind, StructuralSchema schema, ListKeys listKeys, JsonNode printerColumns, JsonNode scale) {

    /** @throws IllegalArgumentException if a rule does not compile */
    static List<CustomKind> of(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        List<CustomKind> versions = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean()) {
                JsonNode openApi = version.path("schema").path("openAPIV3Schema");
                versions.add(new CustomKind(
                        kind(spec, version),
                        new StructuralSchema(openApi),
                        ListKeys.ofSchema(openApi),
                        version.path("additionalPrinterColumns"),
                        version.path("subresources").path("scale")));
            }
        }
        return versions;
    }

    private static Kind kind(JsonNode spec, JsonNode version) {
        JsonNode names = spec.path("names");
        List<String> shortNames = new ArrayList<>();
        names.path("shortNames").forEach(name -> shortNames.add(name.asText()));
        Set<String> subresources = new HashSet<>();
        version.path("subresources").fieldNames().forEachRemaining(subresources::add);
        String kind = names.path("kind").asText();
        return new Kind(
                spec.path("group").asText(),
                version.path("name").asText(),
                names.path("plural").asText(),
                names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                kind,
                spec.path("scope").asText().equals("Namespaced"),
                true,
                shortNames,
                subresources);
    }
}
