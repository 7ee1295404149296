package io.dynamokv.local.balancer;

import java.util.function.Consumer;

/** What the balancer knows of one node at this moment. Touched by the balancer's event loop only. */
final class Target {
    private final Backend backend;
    private final Consumer<String> log;
    private boolean healthy;
    private boolean everHealthy;
    private int slowProbes;
    private int inFlight;
    private int overdue;
    private boolean used;
    private Runnable probeNow = () -> {};

    Target(Backend backend, Consumer<String> log) {
        this.backend = backend;
        this.log = log;
    }

    Backend backend() {
        return backend;
    }

    boolean isHealthy() {
        return healthy;
    }

    Choice.Candidate asCandidate() {
        return new Choice.Candidate(healthy, inFlight, overdue);
    }

    void onFailureProbe(Runnable probe) {
        probeNow = probe;
    }

    /** Whether it is out, or seems to be late, or was used since this was asked last. */
    boolean needsProbe() {
        boolean needed = used || inFlight > 0 || !healthy || slowProbes > 0;
        used = false;
        return needed;
    }

    void requestBegan() {
        used = true;
        inFlight++;
    }

    void requestEnded(boolean wasOverdue) {
        inFlight--;
        if (wasOverdue) {
            overdue--;
        }
    }

    void requestIsOverdue() {
        overdue++;
    }

    /** A request was refused, cut off or not answered: out until a probe succeeds, which is tried at once. */
    void requestFailed(String reason) {
        takeOut(reason);
        probeNow.run();
    }

    void probeSucceeded() {
        slowProbes = 0;
        if (!healthy) {
            healthy = true;
            if (everHealthy) {
                log.accept(backend.name() + " takes requests again");
            }
            everHealthy = true;
        }
    }

    void probeFailed(String reason) {
        slowProbes = 0;
        takeOut(reason);
    }

    /** One late answer may be a busy machine; two in a row are a node that does not work. */
    void probeWasLate() {
        slowProbes++;
        if (slowProbes >= 2) {
            takeOut("it does not answer");
        }
    }

    private void takeOut(String reason) {
        if (healthy) {
            healthy = false;
            log.accept(backend.name() + " gets no requests: " + reason);
        }
    }
}
