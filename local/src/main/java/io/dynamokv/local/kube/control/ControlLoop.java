package io.dynamokv.local.kube.control;

import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.object.ApiException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the controllers, all of them and one after the other, whenever something changed. */
public final class ControlLoop implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ControlLoop.class.getName());

    private final Api api;
    private final List<Controller> controllers;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("controllers").daemon().factory());
    private final AtomicBoolean asked = new AtomicBoolean();
    private Runnable unwatch = () -> {};

    public ControlLoop(Api api, List<Controller> controllers) {
        this.api = api;
        this.controllers = List.copyOf(controllers);
    }

    public void start() {
        unwatch = api.watch(Optional.empty(), _ -> ask());
        ask();
    }

    /** Asks for one more pass; many requests before it make one. */
    public void ask() {
        if (!thread.isShutdown() && asked.compareAndSet(false, true)) {
            thread.execute(this::pass);
        }
    }

    private void pass() {
        asked.set(false);
        for (Controller controller : controllers) {
            try {
                controller.pass();
            } catch (ApiException e) {
                // Another writer came between; its change asks for the next pass.
                LOG.log(Level.DEBUG, () -> controller.getClass().getSimpleName() + ": " + e.getMessage());
                ask();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, controller.getClass().getSimpleName() + " failed", e);
            }
        }
    }

    @Override
    public void close() {
        unwatch.run();
        thread.close();
    }
}
