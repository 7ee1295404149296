package io.dynamokv.node.app;

import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what a person must mend before Quarkus can start from a defect of the node. */
final class StartFailure {
    private StartFailure() {}

    /** One line, or null for a defect. */
    static @Nullable String whatAPersonMustMend(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof QuarkusBindException
                    || cause instanceof ConfigurationException
                    || cause instanceof ConfigValidationException
                    || String.valueOf(cause.getMessage()).startsWith("SRCFG")) {
                return String.valueOf(cause.getMessage())
                        .replaceAll("\\s+", " ")
                        .strip();
            }
        }
        return null;
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
