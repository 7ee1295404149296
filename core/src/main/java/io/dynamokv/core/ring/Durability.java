package io.dynamokv.core.ring;

/** When a replica acknowledges a write (rule W5). */
public enum Durability {
    /** After its log is synced to the disk: survives a power cut. */
    SYNC,
    /** After its log is written to the operating system: survives a crash of the process, not one of the machine. */
    BUFFERED
}
