package io.dynamokv.core;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A claim that must hold for every seed. The build plays the same seeds each time; {@code -Ddynamokv.test.seeds=100} plays a
 * hundred times as many. A failure names its seed, and a seed that ever failed stays behind as a test of its own.
 */
@FunctionalInterface
public interface SeededProperty {
    RandomGeneratorFactory<RandomGenerator> GENERATORS = RandomGeneratorFactory.of("L64X128MixRandom");

    void check(RandomGenerator random);

    static void forSeeds(int seeds, SeededProperty property) {
        int times = Integer.getInteger("dynamokv.test.seeds", 1);
        for (long seed = 1; seed <= (long) seeds * times; seed++) {
            forSeed(seed, property);
        }
    }

    static void forSeed(long seed, SeededProperty property) {
        try {
            property.check(GENERATORS.create(seed));
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        }
    }
}
