package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.BootId;
import io.dynamokv.core.cluster.NodeId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The file {@code starts.json}: the last start known of each other node, in the form of {@link BootDocument}. */
record StartsDocument(int format, List<Start> starts) {
    record Start(String nodeId, long number, String random) {
        private static Start of(Map.Entry<NodeId, BootId> entry) {
            BootId boot = entry.getValue();
            return new Start(
                    entry.getKey().toString(), boot.number(), HexFormat.of().toHexDigits(boot.random()));
        }

        private BootId toBoot() {
            return new BootId(number, HexFormat.fromHexDigitsToLong(random));
        }
    }

    static StartsDocument of(Map<NodeId, BootId> starts) {
        return new StartsDocument(
                1,
                starts.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(Start::of)
                        .toList());
    }

    Map<NodeId, BootId> toStarts() {
        return starts.stream()
                .collect(Collectors.toUnmodifiableMap(start -> NodeId.parse(start.nodeId()), Start::toBoot));
    }
}
