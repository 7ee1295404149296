package io.dynamokv.node.storage;

import java.util.Objects;

/** The file {@code turned-away.json}: why a peer will not speak with the node of this directory any more (rule N3). */
record TurnedAwayDocument(int format, String why) {
    String reason() {
        return Objects.requireNonNull(why, "why");
    }
}
