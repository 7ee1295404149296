package io.dynamokv.node.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the last opening of a database could not read of the end of its log, and went on without (point-in-time recovery). RocksDB tells it nowhere but in its
 * info log, which is a new one for each opening. A log that ends between two of its entries looks whole, so that nothing is said of what followed.
 *
 * @param bytesMin that were found unreadable; what lay behind them was not looked at
 * @param why as RocksDB has it
 */
record DroppedLog(long bytesMin, String why) {
    private static final String INFO_LOG = "LOG";
    private static final Pattern DROPPING = Pattern.compile("\\.log: dropping (\\d{1,18}) bytes; (.*)");

    static Optional<DroppedLog> ofTheLastOpening(Path database) throws IOException {
        // Paths are in any charset, and what is looked for is in none of their bytes.
        try (Stream<String> lines = Files.lines(database.resolve(INFO_LOG), StandardCharsets.ISO_8859_1)) {
            return lines.map(DROPPING::matcher)
                    .filter(Matcher::find)
                    .map(found -> new DroppedLog(Long.parseLong(found.group(1)), found.group(2)))
                    .findFirst();
        }
    }
}
