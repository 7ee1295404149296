package io.dynamokv.bench.workload;

import java.util.List;

/** Judges a key's readings, made after all writes have ended, by the history of its writes. */
public final class ReadBackChecker {
    private ReadBackChecker() {}

    public static Verdict judge(KeyHistory history, List<Observation> readings) {
        int current = 0;
        int older = 0;
        for (Observation reading : readings) {
            switch (reading) {
                case Observation.Foreign() -> {
                    return Verdict.INVENTED;
                }
                case Observation.Seen(int sequence)
                when !history.explains(sequence) -> {
                    return Verdict.INVENTED;
                }
                case Observation.Seen(int sequence) when sequence >= history.acknowledged() -> current++;
                case Observation.Seen seen -> older++;
                case Observation.Absent() when history.acknowledged() == 0 -> current++;
                case Observation.Absent() -> older++;
                case Observation.Unreadable() -> {}
            }
        }
        return verdict(current, older);
    }

    private static Verdict verdict(int current, int older) {
        if (current == 0 && older == 0) {
            return Verdict.FAILED;
        }
        if (current == 0) {
            return Verdict.LOST;
        }
        return older == 0 ? Verdict.INTACT : Verdict.STALE;
    }
}
