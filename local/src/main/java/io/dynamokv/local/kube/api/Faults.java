package io.dynamokv.local.kube.api;

import io.dynamokv.local.kube.object.ApiException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;

/** Failures that a test orders: the next requests of a sort are refused. */
public final class Faults {
    private record Fault(BiPredicate<String, Target> which, ApiException refusal, AtomicInteger left) {}

    private final List<Fault> faults = new CopyOnWriteArrayList<>();

    /** @param which verb and target of requests that come over HTTP */
    public void failNext(int times, BiPredicate<String, Target> which, ApiException refusal) {
        faults.add(new Fault(which, refusal, new AtomicInteger(times)));
    }

    /** @throws ApiException if it is to fail */
    public void meet(String verb, Target target) {
        for (Fault fault : faults) {
            if (fault.which.test(verb, target) && fault.left.getAndDecrement() > 0) {
                throw fault.refusal;
            }
        }
    }
}
