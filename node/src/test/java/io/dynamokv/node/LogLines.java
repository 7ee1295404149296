package io.dynamokv.node;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/** What a class has logged on this thread since the last look, as level and text. */
public final class LogLines extends Handler {
    private final Logger log;
    private final Thread thread = Thread.currentThread();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Logger log) {
        this.log = log;
    }

    public static LogLines of(Class<?> type) {
        var lines = new LogLines(Logger.getLogger(type.getName()));
        lines.log.addHandler(lines);
        return lines;
    }

    public List<String> next() {
        List<String> all = List.copyOf(lines);
        lines.clear();
        return all;
    }

    @Override
    public void publish(LogRecord line) {
        if (!Thread.currentThread().equals(thread)) {
            return;
        }
        String text = line instanceof ExtLogRecord
                ? String.format(Locale.ROOT, line.getMessage(), line.getParameters())
                : line.getMessage();
        lines.add(line.getLevel() + " " + text);
    }

    @Override
    public void flush() {
        // each line is there at once
    }

    @Override
    public void close() {
        log.removeHandler(this);
    }
}
