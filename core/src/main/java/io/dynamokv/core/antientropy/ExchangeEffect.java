package io.dynamokv.core.antientropy;

/** What an exchange wants done. */
public sealed interface ExchangeEffect {
    record AskPeer(long number, ExchangeRequest request) implements ExchangeEffect {}

    /** The same question to the replica of this node. */
    record AskSelf(long number, ExchangeRequest request) implements ExchangeEffect {}

    /** For a question: how long one may take is a setting of the node. */
    record StartTimer(long number) implements ExchangeEffect {}

    record End(ExchangeReport report) implements ExchangeEffect {}
}
