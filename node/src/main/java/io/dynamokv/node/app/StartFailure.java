package io.dynamokv.node.app;

import io.netty.channel.unix.Errors;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** Tells what a person must mend before Quarkus can start from a defect of the node. */
final class StartFailure {
    private StartFailure() {}

    /** One line, or null for a defect. */
    static @Nullable String whatAPersonMustMend(Throwable failure) {
        for (Throwable cause : causes(failure)) {
            if (cause instanceof Errors.NativeIoException
                    && String.valueOf(cause.getMessage()).startsWith("bind")) {
                return taken(cause);
            }
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

    /** Quarkus knows the port of Java's own exception alone, not of the one that Linux's epoll brings. */
    private static String taken(Throwable failure) {
        Config config = ConfigProvider.getConfig();
        return "Unable to bind to host: " + config.getValue("quarkus.http.host", String.class) + " and port: "
                + config.getValue("quarkus.http.port", String.class) + " or "
                + config.getValue("quarkus.management.port", String.class) + ": " + failure.getMessage();
    }

    private static List<Throwable> causes(Throwable failure) {
        var causes = new ArrayList<Throwable>();
        for (Throwable cause = failure; cause != null && !causes.contains(cause); cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }
}
