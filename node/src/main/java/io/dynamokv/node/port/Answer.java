package io.dynamokv.node.port;

import io.dynamokv.core.coordinator.Outcome;

/** What a client's request comes to at this node. */
public sealed interface Answer {
    record Done(Outcome outcome) implements Answer {}

    /** Shed before anything was tried: the node has too much under way. */
    record Overloaded() implements Answer {}

    /** Refused before anything was tried: this node's volume is nearly full. */
    record DiskNearlyFull() implements Answer {}

    /** The node has no map yet, or is stopping. */
    record NotServing() implements Answer {}
}
