package io.dynamokv.node.runtime;

import io.dynamokv.core.store.ReplicaStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The one thread that syncs a store's log. While it syncs, shards go on and their finished batches gather; the next sync serves all of them
 * (group commit), and so writes at many clients share their fsyncs.
 */
final class LogSyncer implements AutoCloseable {
    private final ReplicaStore store;
    private final Consumer<Throwable> onBroken;
    private final LinkedBlockingQueue<Runnable> finished = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().name("log-sync").unstarted(this::run);

    LogSyncer(ReplicaStore store, Consumer<Throwable> onBroken) {
        this.store = store;
        this.onBroken = onBroken;
        thread.start();
    }

    /** @param whenDurable runs on the sync thread, after all that was written before this call is on disk; must only hand over */
    void sync(Runnable whenDurable) {
        finished.add(whenDurable);
    }

    private void run() {
        List<Runnable> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(finished.take());
                finished.drainTo(batch);
                store.sync();
                batch.forEach(Runnable::run);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            // Defects too: without this thread the node would look well, and no synced write would ever be answered.
            onBroken.accept(e);
        }
    }

    /** Nothing that is still waiting is acknowledged. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
