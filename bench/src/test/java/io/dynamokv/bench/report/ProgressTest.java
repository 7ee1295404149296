package io.dynamokv.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static String shown(boolean terminal) {
        var bytes = new ByteArrayOutputStream();
        var progress = new Progress(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
        progress.show("three");
        progress.show("two");
        progress.tell("done");
        progress.show("next");
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesOverTheLineOnATerminal() {
        assertEquals("\rthree\rtwo  \rdone\n\rnext", shown(true));
    }

    @Test
    void writesPlainLinesElsewhere() {
        assertEquals("three\ntwo\ndone\nnext\n", shown(false));
    }
}
