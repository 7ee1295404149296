package io.dynamokv.core.store;

/**
 * The slots of a row's partition for which this node keeps the row, as a stand-in for their owners (Dynamo 4.6, rule H1). An owner's own rows have
 * none.
 */
public record HintedSlots(int bits) {
    public static final HintedSlots NONE = new HintedSlots(0);
    /** No partition has more slots. */
    public static final int SLOTS_MAX = 16;

    public HintedSlots {
        if (bits >>> SLOTS_MAX != 0) {
            throw new IllegalArgumentException(
                    "slots are 0.." + (SLOTS_MAX - 1) + ", the bits were " + Integer.toBinaryString(bits));
        }
    }

    public static HintedSlots of(int slot) {
        if (slot < 0 || slot >= SLOTS_MAX) {
            throw new IllegalArgumentException("a slot must be 0.." + (SLOTS_MAX - 1) + ", was " + slot);
        }
        return new HintedSlots(1 << slot);
    }

    public boolean isEmpty() {
        return bits == 0;
    }

    public boolean contains(int slot) {
        return (bits & of(slot).bits) != 0;
    }

    public HintedSlots with(HintedSlots others) {
        return new HintedSlots(bits | others.bits);
    }

    public HintedSlots without(HintedSlots others) {
        return new HintedSlots(bits & ~others.bits);
    }
}
