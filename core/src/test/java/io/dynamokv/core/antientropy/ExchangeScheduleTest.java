package io.dynamokv.core.antientropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.core.SeededProperty;
import io.dynamokv.core.antientropy.ExchangeReport.End;
import io.dynamokv.core.antientropy.ExchangeSchedule.Pair;
import io.dynamokv.core.cluster.Epoch;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.ring.Partition;
import io.dynamokv.core.simulation.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExchangeScheduleTest {
    private static final long HOUR = 3_600_000;
    private static final NodeId SELF = Samples.node("a");
    private static final NodeId B = Samples.node("b");
    private static final NodeId C = Samples.node("c");
    private static final NodeId D = Samples.node("d");

    private final ExchangeSchedule schedule =
            new ExchangeSchedule(SELF, ExchangeSchedule.Settings.DEFAULT, SeededProperty.GENERATORS.create(1));

    private static List<Partition> partitions(int count, NodeId... owners) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Partition(i, Epoch.FIRST, List.of(owners)))
                .toList();
    }

    private Optional<Pair> next(long nowMillis) {
        return schedule.next(nowMillis, _ -> true);
    }

    private Pair begin(long nowMillis) {
        return next(nowMillis).orElseThrow();
    }

    @Test
    void everyPairHasItsTurnAboutOnceAnHour() {
        schedule.follow(partitions(20, SELF, B, C), false, 0);
        Map<Pair, List<Long>> turns = new LinkedHashMap<>();
        for (long now = 0; now < 50 * HOUR; now += 1000) {
            Optional<Pair> pair = next(now);
            if (pair.isPresent()) {
                turns.computeIfAbsent(pair.get(), _ -> new ArrayList<>()).add(now);
                schedule.ended(pair.get(), End.COMPLETE, now);
            }
        }
        assertEquals(40, turns.size());
        for (List<Long> times : turns.values()) {
            assertTrue(times.getFirst() <= HOUR, times.toString());
            for (int i = 1; i < times.size(); i++) {
                long interval = times.get(i) - times.get(i - 1);
                assertTrue(interval >= HOUR * 3 / 4 && interval <= HOUR * 5 / 4 + 60_000, "after " + interval);
            }
            assertTrue(times.size() >= 47 && times.size() <= 53, times.size() + " times in 50 hours");
        }
    }

    @Test
    void firstTurnsAreSpreadOverTheInterval() {
        schedule.follow(partitions(1000, SELF, B), false, 0);
        int due = 0;
        for (Optional<Pair> pair = next(HOUR / 2); pair.isPresent(); pair = next(HOUR / 2)) {
            schedule.ended(pair.get(), End.COMPLETE, HOUR / 2);
            due++;
        }
        assertTrue(due > 400 && due < 600, due + " of 1000 within half the interval");
    }

    @Test
    void onlyPartitionsThatThisNodeOwnsAreComparedAndNeverWithItself() {
        var partitions = new ArrayList<>(partitions(1, B, C));
        partitions.add(new Partition(1, Epoch.FIRST, List.of(C, SELF)));
        schedule.follow(partitions, true, 0);

        assertEquals(1, schedule.pairs());
        assertEquals(new Pair(1, C), begin(0));
    }

    @Test
    void oneAtATime() {
        schedule.follow(partitions(2, SELF, B), true, 0);
        Pair first = begin(0);

        assertEquals(Optional.empty(), next(0));
        assertEquals(Optional.of(first), schedule.running());
        schedule.ended(first, End.COMPLETE, 5);
        assertTrue(next(5).isPresent());
    }

    @Test
    void afterAStartThatMayHaveLostSomethingAllAreDueAtOnceAndOwed() {
        schedule.follow(partitions(3, SELF, B, C), true, 1000);
        assertEquals(6, schedule.owed());
        var seen = new HashSet<Pair>();
        for (int i = 0; i < 6; i++) {
            Pair pair = begin(1000);
            seen.add(pair);
            schedule.ended(pair, End.COMPLETE, 1000);
            assertEquals(5 - i, schedule.owed());
        }
        assertEquals(6, seen.size());
        assertEquals(Optional.empty(), next(1000));
    }

    @Test
    void aRepairMakesAllDueAtOnceAndStaysOwedUntilEachHasCompleted() {
        schedule.follow(partitions(2, SELF, B), false, 0);
        schedule.repair(10);
        Pair first = begin(10);
        schedule.ended(first, End.INTERRUPTED, 10);
        schedule.ended(begin(10), End.COMPLETE, 10);

        assertEquals(1, schedule.owed());
        assertEquals(Optional.empty(), next(10));
        assertEquals(first, begin(10_010));
        schedule.ended(first, End.COMPLETE, 10_020);
        assertEquals(0, schedule.owed());
    }

    @Test
    void aPeerThatDeclinesIsAskedLessAndLessOftenUntilItAgrees() {
        schedule.follow(partitions(1, SELF, B), true, 0);
        long now = 0;
        var waitsSeconds = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) {
            long endedMillis = now;
            schedule.ended(begin(now), End.DECLINED, now);
            while (next(now).isEmpty()) {
                now += 1000;
            }
            waitsSeconds.add((now - endedMillis) / 1000);
            schedule.ended(schedule.running().orElseThrow(), End.DECLINED, now);
            now += 600_000;
        }
        assertEquals(List.of(10L, 40L, 160L, 600L, 600L, 600L, 600L, 600L), waitsSeconds);

        schedule.ended(begin(now), End.COMPLETE, now);
        schedule.repair(now);
        schedule.ended(begin(now), End.DECLINED, now);
        assertTrue(next(now + 9_999).isEmpty());
        assertTrue(next(now + 10_000).isPresent());
    }

    @Test
    void peersThatAreDownAreLeftOutAndHaveTheirTurnWhenTheyReturn() {
        schedule.follow(partitions(1, SELF, B, C), true, 0);

        assertEquals(Optional.of(new Pair(0, C)), schedule.next(0, peer -> !peer.equals(B)));
        schedule.ended(new Pair(0, C), End.COMPLETE, 0);
        assertEquals(Optional.empty(), schedule.next(0, peer -> !peer.equals(B)));
        assertEquals(Optional.of(new Pair(0, B)), schedule.next(1, _ -> true));
    }

    /** Trace: three owners of three members; one is cut off and the others take writes; it is back, and lacks them until its turn, in an hour. */
    @Test
    void aPeerThatWasDownIsComparedWhenItIsBackAndNoOther() {
        schedule.follow(partitions(2, SELF, B, C), false, 0);
        schedule.returned(B, 10);

        assertEquals(2, schedule.owed());
        assertEquals(Optional.empty(), next(1000), "it may begin by itself");
        Pair first = begin(5010);
        schedule.ended(first, End.INTERRUPTED, 5010);
        schedule.returned(B, 5020);
        var seen = new HashSet<Pair>();
        for (int i = 0; i < 2; i++) {
            Pair pair = begin(10_020);
            seen.add(pair);
            schedule.ended(pair, End.COMPLETE, 10_020);
        }
        assertEquals(Set.of(new Pair(0, B), new Pair(1, B)), seen);
        assertEquals(0, schedule.owed());
        assertEquals(Optional.empty(), next(10_020));
    }

    @Test
    void whoMissedAWriteIsComparedWithinSecondsAndNoOther() {
        schedule.follow(partitions(2, SELF, B, C), false, 0);
        long quiet = 10 * HOUR;
        while (next(quiet).isPresent()) {
            schedule.ended(schedule.running().orElseThrow(), End.COMPLETE, quiet);
        }

        schedule.missed(new Pair(1, C), quiet);
        schedule.missed(new Pair(7, D), quiet);

        assertEquals(1, schedule.owed());
        assertEquals(Optional.empty(), next(quiet));
        assertEquals(new Pair(1, C), begin(quiet + 5000));
    }

    @Test
    void whoMissedAWriteIsNotPutOffByFailuresBeforeNorByMissingAnother() {
        schedule.follow(partitions(1, SELF, B), true, 0);
        var pair = new Pair(0, B);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            assertEquals(pair, begin(now));
            schedule.ended(pair, End.INTERRUPTED, now);
            now += 600_000;
        }
        now -= 600_000;

        assertEquals(Optional.empty(), next(now + 10_000));
        for (int i = 0; i < 50; i++) {
            schedule.missed(pair, now + i * 100L);
            schedule.returned(B, now + i * 100L);
        }

        assertEquals(pair, begin(now + 5000));
    }

    @Test
    void whoFailsAndMissesWritesKeepsItsWaitOfAMinuteAtMost() {
        schedule.follow(partitions(1, SELF, B), true, 0);
        var pair = new Pair(0, B);
        schedule.ended(begin(0), End.INTERRUPTED, 0);
        schedule.missed(pair, 1);
        assertEquals(Optional.empty(), next(9_999));

        long now = 10_000;
        for (int i = 0; i < 9; i++) {
            schedule.ended(begin(now), End.INTERRUPTED, now);
            now += 600_000;
        }
        now -= 600_000;
        schedule.missed(pair, now);
        assertEquals(Optional.empty(), next(now + 59_999));
        assertEquals(pair, begin(now + 60_000));
    }

    /** It may have looked at that already: its end says nothing of what was asked for since. But one that is asked for all the time has a rest in between. */
    @Test
    void whatIsAskedForWhileAnExchangeIsUnderWayIsComparedOnceMoreWithinSeconds() {
        List<BiConsumer<Pair, Long>> asking = List.of(
                (pair, now) -> schedule.repair(now),
                (pair, now) -> schedule.returned(pair.peer(), now),
                (pair, now) -> schedule.missed(pair, now));
        schedule.follow(partitions(1, SELF, B), true, 0);
        long now = 0;
        for (BiConsumer<Pair, Long> each : asking) {
            Pair pair = begin(now);
            each.accept(pair, now);
            schedule.ended(pair, End.COMPLETE, now);
            assertEquals(1, schedule.owed());
            assertTrue(next(now + 999).isEmpty());

            now += 5000;
            assertEquals(pair, begin(now));
            schedule.ended(pair, End.COMPLETE, now);
            assertEquals(0, schedule.owed());
            now += 10 * HOUR;
        }
    }

    @Test
    void aNewMapKeepsTheTurnsOfWhatStaysAndDropsWhatGoes() {
        schedule.follow(partitions(1, SELF, B, C), true, 0);
        Pair gone = begin(0);
        schedule.follow(partitions(1, SELF, C, D), false, 0);

        schedule.ended(gone, End.COMPLETE, 0);

        assertEquals(2, schedule.pairs());
        assertEquals(1, schedule.owed());
        assertEquals(new Pair(0, C), begin(0));
    }

    @Test
    void settingsThatAreNoScheduleAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new ExchangeSchedule.Settings(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ExchangeSchedule.Settings(HOUR, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ExchangeSchedule.Settings(HOUR, 2, 1));
    }
}
