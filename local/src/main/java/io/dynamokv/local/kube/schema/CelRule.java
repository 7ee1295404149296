package io.dynamokv.local.kube.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One {@code x-kubernetes-validations} entry. A rule that names {@code oldSelf} holds between two versions of a value and is not asked about a
 * first one. The types of fields are not checked beforehand, as a real server does: a wrong one shows when the rule runs.
 */
final class CelRule {
    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableRegexPartialMatch(true)
            .build();
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings(), CelExtensions.sets(OPTIONS), CelExtensions.math())
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .addFunctionDeclarations(QuantityLibrary.declarations())
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(CelExtensions.strings(), CelExtensions.sets(OPTIONS), CelExtensions.math())
            .addFunctionBindings(QuantityLibrary.bindings())
            .build();
    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private final String text;
    private final CelRuntime.Program rule;
    private final Optional<CelRuntime.Program> messageExpression;
    private final String message;
    private final String fieldPath;

    /** @throws IllegalArgumentException if it is no rule */
    CelRule(JsonNode entry) {
        text = entry.path("rule").asText();
        rule = compile(text);
        String expression = entry.path("messageExpression").asText("");
        messageExpression = expression.isEmpty() ? Optional.empty() : Optional.of(compile(expression));
        message = entry.path("message").asText("failed rule: " + text.strip());
        fieldPath = entry.path("fieldPath").asText("");
    }

    private static CelRuntime.Program compile(String expression) {
        try {
            return RUNTIME.createProgram(COMPILER.compile(expression).getAst());
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException("rule \"" + expression + "\": " + e.getMessage(), e);
        }
    }

    boolean isTransition() {
        return OLD_SELF.matcher(text).find();
    }

    /** Under the rule's own path, if it names one. */
    String path(String path) {
        return path + fieldPath;
    }

    /** What is wrong; empty if the rule holds. */
    Optional<String> problem(Object self, Optional<Object> oldSelf) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", self);
        oldSelf.ifPresent(old -> variables.put("oldSelf", old));
        try {
            return Boolean.TRUE.equals(rule.eval(variables)) ? Optional.empty() : Optional.of(message(variables));
        } catch (CelEvaluationException e) {
            return Optional.of("rule \"" + text + "\" cannot be evaluated: " + e.getMessage());
        }
    }

    private String message(Map<String, Object> variables) throws CelEvaluationException {
        return messageExpression.isEmpty()
                ? message
                : String.valueOf(messageExpression.get().eval(variables));
    }
}
