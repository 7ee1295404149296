package io.dynamokv.bench.report;

import java.io.PrintStream;
import java.time.Duration;

/** One line that is written over again on a terminal, and a plain line every few seconds elsewhere. */
public final class Progress {
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(500);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(5);

    private final PrintStream out;
    private final boolean terminal;
    private int width;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** How often it wants to show something. */
    public Duration interval() {
        return terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL;
    }

    public synchronized void show(String line) {
        if (terminal) {
            out.print("\r" + padded(line));
            out.flush();
            width = line.length();
        } else {
            out.println(line);
        }
    }

    /** A line that stays. */
    public synchronized void tell(String line) {
        out.println(terminal ? "\r" + padded(line) : line);
        width = 0;
    }

    private String padded(String line) {
        return line + " ".repeat(Math.max(0, width - line.length()));
    }
}
