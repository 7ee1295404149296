package io.dynamokv.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What processes of this machine have cost so far, read from {@code /proc}. Empty where it cannot be known. */
public final class ProcessMeter {
    /** Linux shows times in hundredths of a second to every program, whatever the kernel's own clock. */
    private static final long MICROS_PER_TICK = 10_000;

    /** utime and stime are fields 14 and 15; the state, field 3, is the first after the name in brackets. */
    private static final int USER_TIME = 11;

    private static final int SYSTEM_TIME = 12;
    private static final String RESIDENT = "VmRSS:";

    private ProcessMeter() {}

    /** Processor time of all these processes together, in microseconds; empty if there are none or one is not to be seen. */
    public static OptionalLong cpuMicros(List<Long> pids) {
        long sum = 0;
        for (long pid : pids) {
            OptionalLong one = cpuMicros(pid);
            if (one.isEmpty()) {
                return OptionalLong.empty();
            }
            sum += one.getAsLong();
        }
        return pids.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    public static OptionalLong cpuMicros(long pid) {
        try {
            return OptionalLong.of(cpuMicros(Files.readString(Path.of("/proc", Long.toString(pid), "stat"))));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static long cpuMicros(String stat) {
        // The name may hold blanks and brackets itself.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * MICROS_PER_TICK;
    }

    public static OptionalLong residentKilobytes(long pid) {
        try {
            return residentKilobytes(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    static OptionalLong residentKilobytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(RESIDENT))
                .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst();
    }
}
