package io.dynamokv.core.antientropy;

import java.util.List;

/** Counts what an exchange compares and moves. */
final class ExchangeCounter {
    private int questions;
    private int leavesDiffering;
    private long keysCompared;
    private long recordsPulled;
    private long bytesPulled;
    private long recordsPushed;
    private long bytesPushed;

    void asked() {
        questions++;
    }

    void differ(int leaves) {
        leavesDiffering += leaves;
    }

    void compared(long keys) {
        keysCompared += keys;
    }

    void pulled(List<KeyRecord> records) {
        recordsPulled += records.size();
        bytesPulled += bytesOf(records);
    }

    void pushed(List<KeyRecord> records) {
        recordsPushed += records.size();
        bytesPushed += bytesOf(records);
    }

    private static long bytesOf(List<KeyRecord> records) {
        return records.stream().mapToLong(KeyRecord::bytes).sum();
    }

    ExchangeReport.Counts counts() {
        return new ExchangeReport.Counts(
                questions, leavesDiffering, keysCompared, recordsPulled, bytesPulled, recordsPushed, bytesPushed);
    }
}
