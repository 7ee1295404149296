package io.dynamokv.node.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** W6: replicas are not refused, they wait in the links of those who send them. */
class PeerIntakeTest {
    private final PeerIntake intake = new PeerIntake(1000);
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void isFullPastItsBoundAlone() {
        intake.begin(1000);
        assertFalse(intake.isFull());
        intake.begin(1);
        assertTrue(intake.isFull());
        intake.end(1);
        assertFalse(intake.isFull());
        assertEquals(1000, intake.bytes());
    }

    @Test
    void whoWaitsIsToldOnceWhenHalfOfItIsFree() {
        intake.begin(600);
        intake.begin(600);
        intake.whenThereIsRoom(told::incrementAndGet);
        intake.whenThereIsRoom(told::incrementAndGet);
        intake.end(600);
        assertEquals(0, told.get());

        intake.end(600);
        intake.begin(1);
        intake.end(1);

        assertEquals(2, told.get());
    }

    /** What went while somebody began to wait is not waited for. */
    @Test
    void whoWaitsThoughThereIsRoomIsToldAtOnce() {
        intake.whenThereIsRoom(told::incrementAndGet);

        assertEquals(1, told.get());
    }
}
