package io.dynamokv.core.antientropy;

/** What happens to an exchange. Questions are known by the numbers that it gave them. */
public sealed interface ExchangeEvent {
    record Answered(long number, ExchangeReply reply) implements ExchangeEvent {}

    /** The question or its answer. */
    record Lost(long number) implements ExchangeEvent {}

    record TimedOut(long number) implements ExchangeEvent {}

    /** From now on nothing new is begun, or it is again; what is under way goes on. */
    record Paused(boolean paused) implements ExchangeEvent {}
}
