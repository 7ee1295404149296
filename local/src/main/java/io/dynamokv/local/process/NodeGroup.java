package io.dynamokv.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps a set of nodes running, as Kubernetes would: one that dies is started again a few seconds later, and later still if it keeps dying. One
 * that says that it cannot be used as it is stays down until a person has done something.
 */
public final class NodeGroup implements AutoCloseable {
    /** What happened to a node, in a line for a person. */
    public record Notice(NodeSpec node, String text) {}

    private static final int UNUSABLE_EXIT_CODE = 78;
    private static final int RESTART_MILLIS_MIN = 3_000;
    private static final int RESTART_MILLIS_MAX = 30_000;
    /** A run this long was a good one: the next death starts again at the shortest pause. */
    private static final int GOOD_RUN_MILLIS = 15_000;

    private static final int STOP_GRACE_MILLIS = 6_000;

    private final List<NodeSpec> specs;
    private final boolean restart;
    private final Consumer<Notice> onNotice;
    private final Runnable onChange;
    private final ScheduledExecutorService supervisor;
    private final Map<String, NodeProcess> processes = new HashMap<>();
    private final Map<String, Integer> pauseMillis = new HashMap<>();
    private boolean stopping;

    /** @param onChange is called after a process started, on the supervisor's thread */
    public NodeGroup(List<NodeSpec> specs, boolean restart, Consumer<Notice> onNotice, Runnable onChange) {
        this.specs = List.copyOf(specs);
        this.restart = restart;
        this.onNotice = onNotice;
        this.onChange = onChange;
        supervisor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("supervisor").daemon().factory());
    }

    public synchronized void start() {
        specs.forEach(this::launch);
    }

    private synchronized void launch(NodeSpec spec) {
        if (stopping) {
            return;
        }
        try {
            NodeProcess process = NodeProcess.start(spec);
            processes.put(spec.name(), process);
            process.onExit(() -> supervisor.execute(() -> exited(spec, process)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + spec.name(), e);
        }
    }

    private synchronized void exited(NodeSpec spec, NodeProcess process) {
        if (stopping) {
            return;
        }
        int code = process.exitCode();
        if (code == UNUSABLE_EXIT_CODE) {
            notice(spec, "cannot start as it is, and stays down: " + why(process));
        } else if (!restart) {
            notice(spec, "died (exit code " + code + ") and stays down");
        } else {
            int pause = pauseAfter(spec, process);
            notice(spec, "died (exit code " + code + "); it is started again in " + pause / 1000 + " s");
            var _ = supervisor.schedule(() -> restart(spec), pause, TimeUnit.MILLISECONDS);
        }
    }

    private int pauseAfter(NodeSpec spec, NodeProcess process) {
        int last = pauseMillis.getOrDefault(spec.name(), 0);
        boolean good = process.livedMillis() >= GOOD_RUN_MILLIS;
        int pause = last == 0 || good ? RESTART_MILLIS_MIN : Math.min(2 * last, RESTART_MILLIS_MAX);
        pauseMillis.put(spec.name(), pause);
        return pause;
    }

    private void restart(NodeSpec spec) {
        launch(spec);
        notice(spec, "is started again, pid " + pid(spec));
        onChange.run();
    }

    private void notice(NodeSpec spec, String text) {
        onNotice.accept(new Notice(spec, text));
    }

    private static String why(NodeProcess process) {
        try {
            return process.lastLogLines().stream()
                    .filter(line -> line.contains("ERROR"))
                    .reduce((first, second) -> second)
                    .orElse("its log says why");
        } catch (IOException e) {
            return "its log cannot be read: " + e.getMessage();
        }
    }

    public List<NodeSpec> specs() {
        return specs;
    }

    public synchronized long pid(NodeSpec spec) {
        NodeProcess process = processes.get(spec.name());
        return process == null ? 0 : process.pid();
    }

    public synchronized boolean isAlive(NodeSpec spec) {
        NodeProcess process = processes.get(spec.name());
        return process != null && process.isAlive();
    }

    /** The last lines of a node's log. */
    public synchronized List<String> lastLogLines(NodeSpec spec) throws IOException {
        NodeProcess process = processes.get(spec.name());
        return process == null ? List.of() : process.lastLogLines();
    }

    /** Stops all nodes, by force if they do not stop in time. */
    @Override
    public void close() {
        List<NodeProcess> running;
        synchronized (this) {
            stopping = true;
            running = List.copyOf(processes.values());
        }
        running.forEach(NodeProcess::askToStop);
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_GRACE_MILLIS);
        try {
            for (NodeProcess process : running) {
                process.stopWithin(Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        supervisor.shutdownNow();
    }
}
