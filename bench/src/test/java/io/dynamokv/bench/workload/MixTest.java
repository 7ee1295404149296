package io.dynamokv.bench.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixTest {
    @ParameterizedTest
    @CsvSource({"A,500", "B,950", "C,1000", "W,0"})
    void readsItsShare(Mix mix, long readsOfThousand) {
        assertEquals(
                readsOfThousand,
                IntStream.range(0, 1_000).filter(i -> mix.reads(i / 1_000.0)).count());
    }
}
