package io.dynamokv.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class SeededPropertyTest {
    @Test
    void aFailureNamesItsSeed() {
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> SeededProperty.forSeed(17, _ -> {
                    throw new IllegalStateException("the reason");
                }));

        assertEquals("seed 17: the reason", error.getMessage());
    }

    @Test
    void aSeedPlaysTheSameGameTwice() {
        var first = new ArrayList<Long>();
        var second = new ArrayList<Long>();

        SeededProperty.forSeed(3, random -> first.add(random.nextLong()));
        SeededProperty.forSeed(3, random -> second.add(random.nextLong()));

        assertEquals(first, second);
    }
}
