package io.dynamokv.e2e.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
    @Test
    void saysWhoseWordItIs() {
        assertEquals("204", kind(204, ""));
        assertEquals("no answer", kind(0, "java.io.IOException: closed"));
        assertEquals("503 no-node", kind(503, "{\"type\":\"urn:dynamokv:problem:no-node\",\"status\":503}"));
        assertEquals("502 of others", kind(502, "Bad Gateway"));
        assertEquals(
                StoreClient.Answer.DEFECT, kind(500, "{\"type\":\"urn:dynamokv:problem:internal\",\"status\":500}"));
    }

    private static String kind(int status, String why) {
        return new StoreClient.Answer(status, List.of(), null, why).kind();
    }
}
