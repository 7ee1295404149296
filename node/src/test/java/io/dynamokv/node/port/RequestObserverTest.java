package io.dynamokv.node.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dynamokv.core.coordinator.Outcome;
import io.dynamokv.core.version.VersionedRecord;
import io.dynamokv.node.port.RequestObserver.Result;
import org.junit.jupiter.api.Test;

class RequestObserverTest {
    /** Rule R2: whoever runs the store sees how much of what clients got hangs on stand-ins. */
    @Test
    void whatHangsOnAStandInIsCountedByItself() {
        assertEquals(Result.SLOPPY, of(new Outcome.Found(VersionedRecord.EMPTY, true)));
        assertEquals(Result.SLOPPY, of(new Outcome.Written(null, true)));
        assertEquals(Result.DONE, of(new Outcome.Found(VersionedRecord.EMPTY, false)));
        assertEquals(Result.DONE, of(new Outcome.Written(null, false)));
    }

    private static Result of(Outcome outcome) {
        return Result.of(new Answer.Done(outcome));
    }
}
