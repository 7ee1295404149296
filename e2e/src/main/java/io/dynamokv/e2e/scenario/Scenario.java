package io.dynamokv.e2e.scenario;

import java.util.Optional;

/** Something that happens to a running system, and what it should do then. Fails by a FailedException. */
public interface Scenario {
    String name();

    /** Why it cannot be played here. */
    default Optional<String> whyNot(Stage stage) {
        return Optional.empty();
    }

    /** @return what is worth saying of it, in one line */
    String play(Stage stage);
}
