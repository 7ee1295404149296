package io.dynamokv.local.kube.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * How something is deleted.
 *
 * @param graceSeconds of a pod's processes; empty for the pod's own
 * @param uid the object must still be this one; empty for any
 * @param resourceVersion the object must not have changed since; empty for any
 */
public record Deletion(Propagation propagation, Optional<Integer> graceSeconds, String uid, String resourceVersion) {
    public static final Deletion PLAIN = new Deletion(Propagation.BACKGROUND, Optional.empty(), "", "");
    public static final Deletion AT_ONCE = new Deletion(Propagation.BACKGROUND, Optional.of(0), "", "");

    /** What happens to what an object owns. */
    public enum Propagation {
        /** It goes afterwards. */
        BACKGROUND,
        /** It goes first. */
        FOREGROUND,
        /** It stays, without an owner. */
        ORPHAN;

        static Propagation of(String text) {
            return switch (text) {
                case "Foreground" -> FOREGROUND;
                case "Orphan" -> ORPHAN;
                default -> BACKGROUND;
            };
        }
    }

    /** @param options a DeleteOptions, or nothing */
    public static Deletion of(JsonNode options) {
        JsonNode preconditions = options.path("preconditions");
        JsonNode grace = options.path("gracePeriodSeconds");
        Propagation propagation = options.path("orphanDependents").asBoolean()
                ? Propagation.ORPHAN
                : Propagation.of(options.path("propagationPolicy").asText());
        return new Deletion(
                propagation,
                grace.isInt() ? Optional.of(grace.intValue()) : Optional.empty(),
                preconditions.path("uid").asText(""),
                preconditions.path("resourceVersion").asText(""));
    }
}
