package io.dynamokv.local.kube.object;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Chooses objects by labels and fields, from a query's text or a selector within an object. */
public final class Selector {
    public static final Selector ALL = new Selector(object -> true);

    private static final Pattern BETWEEN_TERMS = Pattern.compile(",(?![^(]*\\))");
    private static final Pattern IN = Pattern.compile("(\\S+)\\s+(in|notin)\\s+\\(([^)]*)\\)");
    private static final Pattern EQUAL = Pattern.compile("([^=!\\s]+)\\s*(!=|==?)\\s*(.*)");

    private final Predicate<JsonNode> predicate;

    private Selector(Predicate<JsonNode> predicate) {
        this.predicate = predicate;
    }

    public boolean matches(JsonNode object) {
        return predicate.test(object);
    }

    public Selector and(Selector other) {
        return new Selector(predicate.and(other.predicate));
    }

    public static Selector ofName(String name) {
        return new Selector(object -> Meta.name(object).equals(name));
    }

    /** @param text as in {@code labelSelector=app=cart,tier in (a, b),!old} */
    public static Selector ofLabels(String text) {
        return terms(text).stream().map(Selector::labelTerm).reduce(ALL, Selector::and);
    }

    /** @param text as in {@code fieldSelector=metadata.name=demo,status.phase!=Running} */
    public static Selector ofFields(String text) {
        return terms(text).stream().map(Selector::fieldTerm).reduce(ALL, Selector::and);
    }

    /** {@code matchLabels} and {@code matchExpressions}; an empty one selects everything. */
    public static Selector ofObject(JsonNode selector) {
        Selector all = ofMap(selector.path("matchLabels"));
        for (JsonNode expression : selector.path("matchExpressions")) {
            all = all.and(expression(expression));
        }
        return all;
    }

    /** A plain map of labels, as of a Service. */
    public static Selector ofMap(JsonNode labels) {
        return labels.properties().stream()
                .map(label -> labelIn(label.getKey(), Set.of(label.getValue().asText())))
                .reduce(ALL, Selector::and);
    }

    private static Selector expression(JsonNode expression) {
        String key = expression.path("key").asText();
        Set<String> values = new HashSet<>();
        expression.path("values").forEach(value -> values.add(value.asText()));
        return switch (expression.path("operator").asText()) {
            case "In" -> labelIn(key, values);
            case "NotIn" -> not(labelIn(key, values));
            case "Exists" -> labelExists(key);
            case "DoesNotExist" -> not(labelExists(key));
            case String other ->
                throw ApiException.badRequest("\"" + other + "\" is not a valid label selector operator");
        };
    }

    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        for (String term : BETWEEN_TERMS.split(text, -1)) {
            if (!term.isBlank()) {
                terms.add(term.strip());
            }
        }
        return terms;
    }

    private static Selector labelTerm(String term) {
        Matcher in = IN.matcher(term);
        if (in.matches()) {
            Set<String> values =
                    Arrays.stream(in.group(3).split(",", -1)).map(String::strip).collect(Collectors.toSet());
            Selector among = labelIn(in.group(1), values);
            return in.group(2).equals("in") ? among : not(among);
        }
        Matcher equal = EQUAL.matcher(term);
        if (equal.matches()) {
            Selector same = labelIn(equal.group(1), Set.of(equal.group(3)));
            return equal.group(2).equals("!=") ? not(same) : same;
        }
        return term.startsWith("!") ? not(labelExists(term.substring(1))) : labelExists(term);
    }

    private static Selector fieldTerm(String term) {
        Matcher equal = EQUAL.matcher(term);
        if (!equal.matches()) {
            throw ApiException.badRequest("invalid field selector: " + term);
        }
        String pointer = "/" + equal.group(1).replace('.', '/');
        var same = new Selector(object -> object.at(pointer).asText("").equals(equal.group(3)));
        return equal.group(2).equals("!=") ? not(same) : same;
    }

    private static Selector labelIn(String label, Set<String> values) {
        return new Selector(object -> label(object, label).map(values::contains).orElse(false));
    }

    private static Selector labelExists(String label) {
        return new Selector(object -> label(object, label).isPresent());
    }

    private static Optional<String> label(JsonNode object, String label) {
        return Optional.ofNullable(
                object.path("metadata").path("labels").path(label).textValue());
    }

    private static Selector not(Selector selector) {
        return new Selector(selector.predicate.negate());
    }
}
