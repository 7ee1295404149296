package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import java.util.HexFormat;

/** The file {@code boot.json}: the node's last start. The random bits are hexadecimal, for JSON's numbers end at 53 bits. */
record BootDocument(int format, long number, String random) {
    static BootDocument of(BootId boot) {
        return new BootDocument(1, boot.number(), HexFormat.of().toHexDigits(boot.random()));
    }

    BootId toBoot() {
        return new BootId(number, HexFormat.fromHexDigitsToLong(random));
    }
}
