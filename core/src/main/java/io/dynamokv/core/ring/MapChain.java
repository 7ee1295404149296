package io.dynamokv.core.ring;

import io.dynamokv.core.cluster.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The maps that led to one, oldest first (rule M1), each with a higher epoch and no lower term than the one before. It may begin later than the
 * cluster, for a node that joined late knows no more. As text: lines {@code epoch term hash}.
 */
public record MapChain(List<ChainLink> links) {
    public static final MapChain EMPTY = new MapChain(List.of());

    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{64})");

    public MapChain {
        links = List.copyOf(links);
        for (int i = 1; i < links.size(); i++) {
            ChainLink before = links.get(i - 1);
            ChainLink link = links.get(i);
            if (!link.epoch().isAfter(before.epoch())) {
                throw new IllegalArgumentException("chain: epoch " + link.epoch() + " stands behind " + before.epoch());
            }
            if (link.term() < before.term()) {
                throw new IllegalArgumentException("chain: term " + link.term() + " of epoch " + link.epoch()
                        + " stands behind term " + before.term());
            }
        }
    }

    /** What is known of a map that comes alone. */
    public static MapChain of(ClusterMap map) {
        return new MapChain(List.of(ChainLink.of(map)));
    }

    /** @throws IllegalArgumentException if the text is no chain; the message names the line */
    public static MapChain parse(String text) {
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
            links.add(new ChainLink(epoch, Long.parseLong(matcher.group(2)), matcher.group(3)));
        }
        return new MapChain(links);
    }

    /** What {@link #parse} reads. */
    public String format() {
        return links.stream()
                .map(link -> link.epoch() + " " + link.term() + " " + link.hash() + "\n")
                .collect(Collectors.joining());
    }

    public Optional<ChainLink> newest() {
        return links.isEmpty() ? Optional.empty() : Optional.of(links.getLast());
    }

    public Optional<ChainLink> at(Epoch epoch) {
        return links.stream().filter(link -> link.epoch().equals(epoch)).findFirst();
    }

    /** This chain up to an epoch, then the links of the other one that come after it. */
    public MapChain upTo(Epoch epoch, MapChain continuation) {
        var joined = new ArrayList<ChainLink>();
        links.stream().filter(link -> !link.epoch().isAfter(epoch)).forEach(joined::add);
        continuation.links.stream().filter(link -> link.epoch().isAfter(epoch)).forEach(joined::add);
        return new MapChain(joined);
    }

    /** What came before the map, and the map. */
    public MapChain and(ClusterMap next) {
        var longer = new ArrayList<ChainLink>();
        links.stream().filter(link -> link.epoch().isBefore(next.epoch())).forEach(longer::add);
        longer.add(ChainLink.of(next));
        return new MapChain(longer);
    }

    /** @throws IllegalArgumentException unless this chain, without a gap, ends with the map and with the parent that the map names */
    void requireLeadsTo(ClusterMap map) {
        ChainLink last = newest().orElseThrow(() -> new IllegalArgumentException("chain: it has no links"));
        if (!last.equals(ChainLink.of(map))) {
            throw new IllegalArgumentException("chain: it ends with " + last + ", the map has " + ChainLink.of(map));
        }
        for (int i = 1; i < links.size(); i++) {
            Epoch expected = links.get(i - 1).epoch().next();
            if (!links.get(i).epoch().equals(expected)) {
                throw new IllegalArgumentException("chain: epoch " + expected + " is missing before "
                        + links.get(i).epoch());
            }
        }
        if (links.size() > 1
                && !links.get(links.size() - 2).hash().equals(map.version().parentHash())) {
            throw new IllegalArgumentException("chain: before the map stands "
                    + links.get(links.size() - 2) + ", the map's parent has hash "
                    + map.version().parentHash());
        }
    }
}
