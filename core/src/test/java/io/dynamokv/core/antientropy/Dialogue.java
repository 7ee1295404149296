package io.dynamokv.core.antientropy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Plays an exchange between two owners: answers come in any order, and messages between the two get lost or come twice. */
final class Dialogue {
    /** Chances in percent. */
    record Network(int loss, int twice) {
        static final Network PERFECT = new Network(0, 0);
        static final Network POOR = new Network(5, 10);
    }

    private static final int STEPS_MAX = 200_000;

    private final Owner here;
    private final Owner there;
    private final Exchange exchange;
    private final RandomGenerator random;
    private final Network network;
    private final Runnable meanwhile;
    private final List<Runnable> coming = new ArrayList<>();
    private final List<Long> timers = new ArrayList<>();
    private final Map<Class<?>, Integer> asked = new HashMap<>();
    private final Map<Long, Long> bytesUnderWay = new HashMap<>();
    private long bytesUnderWayMax;
    private int messages;
    private @Nullable ExchangeReport report;

    private Dialogue(
            Owner here,
            Owner there,
            ExchangeLimits limits,
            RandomGenerator random,
            Network network,
            Runnable meanwhile) {
        this.here = here;
        this.there = there;
        this.random = random;
        this.network = network;
        this.meanwhile = meanwhile;
        exchange = new Exchange(here.tree(), limits);
    }

    /**
     * What it came to.
     *
     * @param asked how often the peer was asked what
     * @param messages between the two
     * @param bytesUnderWayMax of records, in questions and answers at one time
     */
    record Played(ExchangeReport report, Map<Class<?>, Integer> asked, int messages, long bytesUnderWayMax) {
        int asked(Class<? extends ExchangeRequest> what) {
            return asked.getOrDefault(what, 0);
        }
    }

    /** @param meanwhile runs before everything that happens */
    static Played play(
            Owner here,
            Owner there,
            ExchangeLimits limits,
            RandomGenerator random,
            Network network,
            Runnable meanwhile) {
        return new Dialogue(here, there, limits, random, network, meanwhile).play();
    }

    static Played play(Owner here, Owner there, ExchangeLimits limits, RandomGenerator random) {
        return play(here, there, limits, random, Network.PERFECT, () -> {});
    }

    private Played play() {
        perform(exchange.start());
        for (int i = 0; report == null; i++) {
            if (i > STEPS_MAX) {
                throw new AssertionError("more than " + STEPS_MAX + " steps: it goes on for ever");
            }
            meanwhile.run();
            if (coming.isEmpty()) {
                silence();
            } else {
                coming.remove(random.nextInt(coming.size())).run();
            }
        }
        for (Runnable late : List.copyOf(coming)) {
            late.run();
        }
        return new Played(report, asked, messages, bytesUnderWayMax);
    }

    /** Timers fire where nothing else happens, and the one that counts may be any of them. */
    private void silence() {
        if (timers.isEmpty()) {
            throw new AssertionError("nothing will happen any more, and it has not ended");
        }
        on(new ExchangeEvent.TimedOut(timers.remove(random.nextInt(timers.size()))));
    }

    private void on(ExchangeEvent event) {
        boolean wasDone = exchange.isDone();
        List<ExchangeEffect> effects = exchange.on(event);
        if (wasDone && !effects.isEmpty()) {
            throw new AssertionError("done, and yet " + event + " led to " + effects);
        }
        perform(effects);
    }

    private void perform(List<ExchangeEffect> effects) {
        for (ExchangeEffect effect : effects) {
            if (report != null) {
                throw new AssertionError("ended, and yet " + effect);
            }
            switch (effect) {
                case ExchangeEffect.AskPeer(long number, ExchangeRequest request) -> askPeer(number, request);
                case ExchangeEffect.AskSelf(long number, ExchangeRequest request) -> {
                    weigh(number, request);
                    coming.add(() -> answer(number, here.answer(request)));
                }
                case ExchangeEffect.StartTimer(long number) -> timers.add(number);
                case ExchangeEffect.End(ExchangeReport ended) -> report = ended;
            }
        }
        if (exchange.isDone() != (report != null)) {
            throw new AssertionError("done without an end, or the other way round: " + report);
        }
    }

    private void askPeer(long number, ExchangeRequest request) {
        asked.merge(request.getClass(), 1, Integer::sum);
        messages++;
        weigh(number, request);
        if (isLost()) {
            lose(number);
            return;
        }
        coming.add(() -> deliver(number, request));
        if (random.nextInt(100) < network.twice()) {
            coming.add(() -> deliver(number, request));
        }
    }

    private void deliver(long number, ExchangeRequest request) {
        ExchangeReply reply = there.answer(request);
        messages++;
        if (isLost()) {
            lose(number);
            return;
        }
        coming.add(() -> answer(number, reply));
        if (random.nextInt(100) < network.twice()) {
            coming.add(() -> answer(number, reply));
        }
    }

    private boolean isLost() {
        return random.nextInt(100) < network.loss();
    }

    /** The one who asked hears of it, or never does. */
    private void lose(long number) {
        if (random.nextBoolean()) {
            coming.add(() -> on(new ExchangeEvent.Lost(number)));
        }
    }

    private void answer(long number, ExchangeReply reply) {
        bytesUnderWay.remove(number);
        if (reply instanceof ExchangeReply.Fetched fetched) {
            bytesUnderWay.put(-number, bytesOf(fetched.records()));
            weigh();
            bytesUnderWay.remove(-number);
        }
        on(new ExchangeEvent.Answered(number, reply));
    }

    private void weigh(long number, ExchangeRequest request) {
        if (request instanceof ExchangeRequest.Join join) {
            bytesUnderWay.put(number, bytesOf(join.records()));
            weigh();
        }
    }

    private void weigh() {
        long now = bytesUnderWay.values().stream().mapToLong(Long::longValue).sum();
        bytesUnderWayMax = Math.max(bytesUnderWayMax, now);
    }

    private static long bytesOf(List<KeyRecord> records) {
        return records.stream().mapToLong(KeyRecord::bytes).sum();
    }
}
