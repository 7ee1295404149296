package io.dynamokv.local.kube.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dynamokv.local.kube.kinds.CustomKind;
import io.dynamokv.local.kube.object.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column of {@code kubectl get}.
 *
 * @param path as in a CRD: {@code .status.conditions[?(@.type=="Ready")].status}
 * @param priority above 0 only in wide tables
 */
record Column(String name, String type, String path, int priority) {
    private static final Pattern BETWEEN_FIELDS = Pattern.compile("(?<!\\\\)\\.(?![^\\[]*\\])");
    private static final Pattern FILTER = Pattern.compile("\\?\\(@\\.(\\w+)\\s*==\\s*[\"']([^\"']*)[\"']\\)");
    private static final Column AGE = new Column("Age", "date", ".metadata.creationTimestamp", 0);

    static List<Column> of(Kind kind, Optional<CustomKind> custom) {
        List<Column> columns = new ArrayList<>(List.of(new Column("Name", "string", ".metadata.name", 0)));
        if (custom.isPresent()) {
            for (JsonNode column : custom.get().printerColumns()) {
                columns.add(new Column(
                        column.path("name").asText(),
                        column.path("type").asText(),
                        column.path("jsonPath").asText(),
                        column.path("priority").asInt()));
            }
        } else {
            columns.addAll(builtIn(kind));
        }
        if (columns.stream().noneMatch(column -> column.name.equals("Age"))) {
            columns.add(AGE);
        }
        return columns;
    }

    private static List<Column> builtIn(Kind kind) {
        return switch (kind.resource()) {
            case "pods" ->
                List.of(
                        new Column("Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", 0),
                        new Column("Status", "string", ".status.phase", 0),
                        new Column("Restarts", "integer", ".status.containerStatuses[0].restartCount", 0),
                        new Column("IP", "string", ".status.podIP", 1),
                        new Column("Node", "string", ".spec.nodeName", 1));
            case "statefulsets.apps" ->
                List.of(
                        new Column("Desired", "integer", ".spec.replicas", 0),
                        new Column("Ready", "integer", ".status.readyReplicas", 0));
            case "services" ->
                List.of(
                        new Column("Type", "string", ".spec.type", 0),
                        new Column("Cluster-IP", "string", ".spec.clusterIP", 0));
            case "persistentvolumeclaims" ->
                List.of(
                        new Column("Status", "string", ".status.phase", 0),
                        new Column("Capacity", "string", ".status.capacity.storage", 0));
            case "poddisruptionbudgets.policy" ->
                List.of(
                        new Column("Max unavailable", "string", ".spec.maxUnavailable", 0),
                        new Column("Allowed disruptions", "integer", ".status.disruptionsAllowed", 0));
            case "events" ->
                List.of(
                        new Column("Type", "string", ".type", 0),
                        new Column("Reason", "string", ".reason", 0),
                        new Column("Object", "string", ".involvedObject.name", 0),
                        new Column("Message", "string", ".message", 0));
            default -> List.of();
        };
    }

    JsonNode value(JsonNode object) {
        JsonNode value = object;
        for (String part : BETWEEN_FIELDS.split(path.substring(1), -1)) {
            int bracket = part.indexOf('[');
            value = value.path((bracket < 0 ? part : part.substring(0, bracket)).replace("\\.", "."));
            if (bracket >= 0) {
                value = element(value, part.substring(bracket + 1, part.length() - 1));
            }
        }
        return value;
    }

    private static JsonNode element(JsonNode list, String which) {
        Matcher filter = FILTER.matcher(which);
        if (!filter.matches()) {
            return which.chars().allMatch(Character::isDigit) ? list.path(Integer.parseInt(which)) : list;
        }
        for (JsonNode element : list) {
            if (element.path(filter.group(1)).asText().equals(filter.group(2))) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }
}
