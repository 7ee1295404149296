package io.dynamokv.bench.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dynamokv.bench.client.Target;
import io.dynamokv.bench.workload.Distribution;
import io.dynamokv.bench.workload.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsParserTest {
    private static final String NODE = "http://127.0.0.11:8080";

    private static Options parse(String... words) throws OptionException {
        return OptionsParser.parse(List.of(words)).orElseThrow();
    }

    @Test
    void hasDefaultsForAllButThePlace() throws OptionException {
        assertEquals(
                new Options(
                        List.of(new Target("127.0.0.11", 8080)),
                        List.of(),
                        Optional.empty(),
                        List.of(Mix.A),
                        List.of(16),
                        OptionalInt.empty(),
                        100_000,
                        1_024,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Distribution.ZIPFIAN,
                        "bench",
                        false,
                        false,
                        true,
                        Optional.empty()),
                parse("--targets", NODE));
    }

    @Test
    void takesEveryOption() throws OptionException {
        Options options =
                parse(("--demo d.json --mix a,W --clients 1,64 --keys=500 --value-bytes 100 --seconds 0.5 --warmup 0"
                                + " --distribution uniform --bucket other --siblings --kill --no-load --json r.json")
                        .split(" ", -1));
        assertEquals(
                new Options(
                        List.of(),
                        List.of(),
                        Optional.of(Path.of("d.json")),
                        List.of(Mix.A, Mix.W),
                        List.of(1, 64),
                        OptionalInt.empty(),
                        500,
                        100,
                        Duration.ofMillis(500),
                        Duration.ZERO,
                        Distribution.UNIFORM,
                        "other",
                        true,
                        true,
                        false,
                        Optional.of(Path.of("r.json"))),
                options);
        assertEquals(64, options.clientsMax());
    }

    @Test
    void aRateTakesAsManyClientsAsItMayNeedUnlessTheyAreGiven() throws OptionException {
        Options options = parse("--targets", NODE, "--rate", "500");
        assertEquals(OptionalInt.of(500), options.rate());
        assertEquals(List.of(256), options.clients());
        assertEquals(
                List.of(4),
                parse("--targets", NODE, "--rate", "500", "--clients", "4").clients());
    }

    @Test
    void siblingsGoToTheBucketThatKeepsThem() throws OptionException {
        assertEquals("bench-siblings", parse("--targets", NODE, "--siblings").bucket());
    }

    @Test
    void knowsTheProcessesOfTargets() throws OptionException {
        assertEquals(
                List.of(12L, 13L),
                parse("--targets", NODE + ",http://b:1/", "--pids", "12,13").pids());
    }

    @Test
    void asksForHelp() throws OptionException {
        assertTrue(OptionsParser.parse(List.of("--keys", "5", "--help")).isEmpty());
        assertTrue(OptionsParser.parse(List.of("-h")).isEmpty());
    }

    @Test
    void helpNamesEveryOption() {
        Stream.concat(CommandLine.WITH_VALUE.stream(), CommandLine.FLAGS.stream())
                .filter(option -> !option.equals("--help") && !option.equals("-h"))
                .forEach(option -> assertTrue(OptionsParser.HELP.contains("  " + option + " "), option));
        assertFalse(OptionsParser.HELP.contains("\t"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --mix A                             | Give either --demo FILE or --targets URL,URL
                    --demo a --targets http://a:1       | Give either --demo FILE or --targets URL,URL
                    --targets ftp://a                   | --targets takes URLs such as http://127.0.0.11:8080, not 'ftp://a'
                    --targets http://a:1/path           | --targets takes URLs such as http://127.0.0.11:8080, not 'http://a:1/path'
                    --targets http://a:1,               | --targets takes a list with commas between, not 'http://a:1,'
                    --targets http://a:1 --kill         | --kill needs --demo FILE: it kills a process of the demo, which starts it again
                    --demo a --pids 7                   | --pids goes with --targets; --demo knows the processes
                    --targets http://a:1 --pids x       | --pids takes process ids from 1 to 2147483647, not 'x'
                    --demo a --mix A,X                  | --mix takes some of A,B,C,W, not 'X'
                    --demo a --clients 16,0             | --clients takes numbers from 1 to 4096, not '0'
                    --demo a --rate 0                   | --rate takes a number from 1 to 1000000, not '0'
                    --demo a --rate 1000001             | --rate takes a number from 1 to 1000000, not '1000001'
                    --demo a --rate 0.5                 | --rate takes a number from 1 to 1000000, not '0.5'
                    --demo a --rate half                | --rate takes a number from 1 to 1000000, not 'half'
                    --demo a --rate 5,10                | --rate takes a number from 1 to 1000000, not '5,10'
                    --demo a --rate                     | --rate needs a value
                    --demo a --rate 5 --siblings        | --rate goes without --siblings: with them a write is two requests
                    --demo a --clients 64 --keys 63     | --keys must be at least the number of --clients, 64
                    --demo a --keys 10000001            | --keys takes a number from 1 to 10000000, not '10000001'
                    --demo a --value-bytes 63           | --value-bytes takes a number from 64 to 1048576, not '63'
                    --demo a --seconds 0                | --seconds takes seconds from 0.1 to 86400, not '0'
                    --demo a --seconds 1e9              | --seconds takes seconds from 0.1 to 86400, not '1e9'
                    --demo a --warmup -1                | --warmup takes seconds from 0 to 86400, not '-1'
                    --demo a --warmup soon              | --warmup takes seconds from 0 to 86400, not 'soon'
                    --demo a --distribution normal      | --distribution is zipfian or uniform, not 'normal'
                    --demo a --bucket A/b               | --bucket takes up to 63 small letters, digits and hyphens, not 'A/b'
                    --demo a --keys                     | --keys needs a value
                    --demo a --keys --kill              | --keys needs a value
                    --demo a --keys 5 --keys 6          | --keys is given twice
                    --demo a --kill=yes                 | Unknown option --kill=yes; --help lists all
                    --demo a --threads 5                | Unknown option --threads; --help lists all
                    """)
    void saysWhichOptionIsWrongAndItsLimits(String words, String message) {
        OptionException refusal = assertThrows(OptionException.class, () -> parse(words.split(" ", -1)));
        assertEquals(message, refusal.getMessage());
    }
}
