package io.dynamokv.core;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Does what {@link ArchitectureTest} forbids core to do, so that its rules can be seen to fail. Nobody calls it. */
@SuppressWarnings("unused")
final class Lawbreaker {
    private Lawbreaker() {}

    static Instant clockNow() {
        return Instant.now();
    }

    static Clock clockOfTheSystem() {
        return Clock.systemUTC();
    }

    static long clockMillis() {
        return System.currentTimeMillis();
    }

    static LongSupplier clockByReference() {
        return System::nanoTime;
    }

    static UUID chanceOfAnId() {
        return UUID.randomUUID();
    }

    static Supplier<UUID> chanceByReference() {
        return UUID::randomUUID;
    }

    static double chanceOfMath() {
        return Math.random();
    }

    static int chanceOfTheThread() {
        return ThreadLocalRandom.current().nextInt();
    }

    static Random chanceWithoutASeed() {
        return new Random();
    }

    static SplittableRandom chanceToSplit() {
        return new SplittableRandom();
    }

    static SecureRandom chanceThatIsSecure() {
        return new SecureRandom();
    }

    static RandomGenerator chanceByDefault() {
        return RandomGenerator.getDefault();
    }

    static void chanceOfAnOrder() {
        Collections.shuffle(List.of());
    }

    static Thread threadsOfItsOwn() {
        return Thread.ofVirtual().unstarted(Lawbreaker::consoleOut);
    }

    static void threadsAsleep() throws InterruptedException {
        Thread.sleep(1);
    }

    static Object threadsTogether() {
        return new ConcurrentHashMap<String, String>();
    }

    static Object threadsEach() {
        return new ThreadLocal<String>();
    }

    static void consoleOut() {
        System.out.println("hello");
    }

    static void consoleErr() {
        System.err.println("hello");
    }

    static boolean filesOfOld() {
        return new File("x").exists();
    }

    static String filesOfNow() throws IOException {
        return Files.readString(Path.of("x"));
    }

    static Object orderOfHashes() {
        return new HashMap<String, String>();
    }

    static Supplier<Object> orderByReference() {
        return HashSet::new;
    }

    static Set<String> orderOfSalt() {
        return Set.of("a", "b");
    }

    static Map<String, String> orderOfACopy() {
        return Map.copyOf(new LinkedHashMap<>());
    }

    static Set<String> orderOfAStream() {
        return Stream.of("a").collect(Collectors.toSet());
    }

    static int seededRandomIsAllowed() {
        return new Random(17).nextInt();
    }
}
