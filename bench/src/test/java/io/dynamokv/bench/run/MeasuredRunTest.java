package io.dynamokv.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasuredRunTest {
    @ParameterizedTest
    @CsvSource({"100,7", "16,16", "1,1", "65,64"})
    void eachKeyHasOneWriter(int keys, int clients) {
        for (int client = 0; client < clients; client++) {
            for (int key = 0; key < keys; key++) {
                int own = MeasuredRun.ownKey(key, client, clients, keys);
                assertTrue(own >= 0 && own < keys, own + " of " + keys);
                assertEquals(client, own % clients);
            }
        }
    }
}
