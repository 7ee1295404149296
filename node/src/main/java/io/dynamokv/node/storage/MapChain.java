package io.dynamokv.node.storage;

import io.dynamokv.core.cluster.Epoch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The maps that the node adopted, oldest first, as the lines {@code epoch term hash} of a file. */
final class MapChain {
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{64})");

    private MapChain() {}

    /** @throws IllegalArgumentException if the bytes are no chain; the message names the line */
    static List<ChainLink> parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.US_ASCII);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line is cut off");
        }
        var links = new ArrayList<ChainLink>();
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("line " + (links.size() + 1) + " is not 'epoch term hash'");
            }
            var epoch = new Epoch(Long.parseLong(matcher.group(1)));
            if (!links.isEmpty() && !epoch.isAfter(links.getLast().epoch())) {
                throw new IllegalArgumentException(
                        "epoch " + epoch + " stands behind " + links.getLast().epoch());
            }
            links.add(new ChainLink(epoch, Long.parseLong(matcher.group(2)), matcher.group(3)));
        }
        return List.copyOf(links);
    }

    static byte[] format(List<ChainLink> links) {
        return links.stream()
                .map(link -> link.epoch() + " " + link.term() + " " + link.hash() + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
    }
}
