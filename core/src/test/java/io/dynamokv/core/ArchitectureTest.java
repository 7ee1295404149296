package io.dynamokv.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.dynamokv.core.cluster.BackwardArrow;
import io.dynamokv.core.cluster.NodeId;
import io.dynamokv.core.version.VersionedRecord;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The house's rules for core: which package may know which, what of the JDK may be used, and that time, chance and threads come
 * from outside. Each rule is also shown a class that breaks it.
 */
class ArchitectureTest {
    private static final String ROOT = "io.dynamokv.core";

    /** For each package those that it may know. A new package takes its place here. */
    private static final Map<String, List<String>> MAY_KNOW = Map.ofEntries(
            Map.entry("cluster", List.of()),
            Map.entry("version", List.of("cluster")),
            Map.entry("ring", List.of("cluster")),
            Map.entry("quorum", List.of("cluster")),
            Map.entry("membership", List.of("cluster")),
            Map.entry("merkle", List.of("version", "ring", "cluster")),
            Map.entry("store", List.of("version", "ring", "merkle", "cluster")),
            Map.entry("handoff", List.of("store", "version", "ring", "cluster")),
            Map.entry("reaping", List.of("store", "version", "ring", "cluster")),
            Map.entry("antientropy", List.of("merkle", "store", "version", "ring", "cluster")),
            Map.entry("coordinator", List.of("antientropy", "ring", "version", "quorum", "store", "cluster")));

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void noPackagesFormACycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void everyArrowBetweenPackagesIsOneOfTheHouses() {
        arrows().check(CORE);
    }

    @Test
    void everyPackageHasItsPlaceInTheHouse() {
        String[] packages =
                MAY_KNOW.keySet().stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(packages).check(CORE);
    }

    @Test
    void anArrowAgainstTheHousesIsReported() {
        JavaClasses broken =
                new ClassFileImporter().importClasses(BackwardArrow.class, VersionedRecord.class, NodeId.class);

        assertThrows(AssertionError.class, () -> arrows().check(broken));
    }

    private static ArchRule arrows() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String name : MAY_KNOW.keySet()) {
            layers = layers.layer(name).definedBy(ROOT + "." + name + "..");
        }
        for (Map.Entry<String, List<String>> entry : MAY_KNOW.entrySet()) {
            var layer = layers.whereLayer(entry.getKey());
            layers = entry.getValue().isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(entry.getValue().toArray(String[]::new));
        }
        return layers;
    }

    @Test
    void coreKnowsNothingButJavaBase() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "..",
                        "java.lang..",
                        "java.util..",
                        "java.nio..",
                        "java.io..",
                        "java.security..",
                        "javax.crypto..",
                        "java.time..",
                        "org.jspecify..")
                .because("core runs in the node, the operator and the simulator alike")
                .check(CORE);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<JavaPackage> packages =
                CORE.stream().map(JavaClass::getPackage).distinct().toList();
        assertFalse(packages.isEmpty());
        for (JavaPackage each : packages) {
            assertTrue(
                    each.isAnnotatedWith(NullMarked.class),
                    () -> each.getName() + " needs a package-info with @NullMarked: null only as @Nullable");
        }
    }

    /** What core must not use, by calls, method references or fields, and what to use instead. */
    private record Ban(String name, BiPredicate<String, String> ownerAndMember, String instead) {
        ArchRule rule() {
            return noClasses()
                    .should()
                    .accessTargetWhere(describe("what is banned: " + name, this::isBrokenBy))
                    .because(instead);
        }

        private boolean isBrokenBy(JavaAccess<?> access) {
            String owner = access.getTargetOwner().getName();
            String member = access.getTarget().getFullName().substring(owner.length() + 1);
            return ownerAndMember.test(owner, member);
        }
    }

    private static final List<Ban> BANS = List.of(
            new Ban("clock", ArchitectureTest::isClock, "time is an input: take the milliseconds of the event or tick"),
            new Ban(
                    "chance",
                    ArchitectureTest::isChance,
                    "chance is an input: take a seeded RandomGenerator, or the bits that were drawn, as a parameter"),
            new Ban(
                    "threads",
                    ArchitectureTest::isThreads,
                    "a machine runs on one thread and returns effects: concurrency lives in the node's runtime"),
            new Ban(
                    "console",
                    (owner, member) -> owner.equals("java.lang.System")
                            && Set.of("out", "err").contains(member),
                    "return it, or throw: the node's edge logs"),
            new Ban(
                    "files",
                    (owner, _) -> owner.startsWith("java.nio.file.")
                            || owner.startsWith("java.io.File")
                            || owner.equals("java.io.RandomAccessFile"),
                    "core has no disk: go through a port, such as the store's"),
            new Ban(
                    "order",
                    ArchitectureTest::isOrder,
                    "one seed is one history in every JVM: take a LinkedHashMap, LinkedHashSet, TreeMap or a list"));

    private static boolean isClock(String owner, String member) {
        return owner.equals("java.lang.System")
                        && Set.of("currentTimeMillis()", "nanoTime()").contains(member)
                || owner.startsWith("java.time.") && member.matches("(now|system|tick).*");
    }

    /** A seeded {@code Random} is allowed, one without a seed is not. */
    private static boolean isChance(String owner, String member) {
        return switch (owner) {
            case "java.util.UUID" -> member.equals("randomUUID()");
            case "java.lang.Math", "java.lang.StrictMath" -> member.equals("random()");
            case "java.util.Random", "java.util.SplittableRandom" -> member.equals("<init>()");
            case "java.util.Collections" -> member.equals("shuffle(java.util.List)");
            case "java.util.random.RandomGenerator" -> member.matches("(getDefault|of)\\(.*");
            case "java.util.random.RandomGeneratorFactory",
                    "java.util.concurrent.ThreadLocalRandom",
                    "java.security.SecureRandom" -> true;
            default -> false;
        };
    }

    /** Collections whose order depends on hashes, some of them on a salt of the JVM's. Of one element there is one order. */
    private static boolean isOrder(String owner, String member) {
        return switch (owner) {
            case "java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap", "java.util.WeakHashMap" ->
                member.startsWith("<init>");
            case "java.util.Set" -> member.startsWith("copyOf(") || member.startsWith("of(") && member.contains(",");
            case "java.util.Map" -> member.matches("(copyOf|ofEntries)\\(.*") || member.matches("of\\([^,]*,[^,]*,.*");
            case "java.util.stream.Collectors" ->
                member.matches("(toSet|toUnmodifiableSet|toMap|toUnmodifiableMap|groupingBy|partitioningBy)\\(.*");
            default -> false;
        };
    }

    private static boolean isThreads(String owner, String member) {
        return owner.startsWith("java.util.concurrent.") && !owner.equals("java.util.concurrent.ThreadLocalRandom")
                || owner.matches("java\\.lang\\.Thread(Local)?(\\$.*)?")
                || owner.equals("java.util.Timer")
                || owner.equals("java.lang.Object") && member.matches("(wait|notify).*");
    }

    @TestFactory
    Stream<DynamicTest> coreUsesNothingThatIsBanned() {
        return BANS.stream().map(ban -> dynamicTest(ban.name, () -> ban.rule().check(CORE)));
    }

    /** Each method of {@link Lawbreaker} breaks the ban that its name begins with; the report names it and what to do instead. */
    @TestFactory
    Stream<DynamicTest> everyBrokenBanIsReportedWithWhatToDoInstead() {
        JavaClasses lawbreaker = new ClassFileImporter().importClasses(Lawbreaker.class);
        return BANS.stream()
                .map(ban -> dynamicTest(ban.name, () -> {
                    AssertionError error =
                            assertThrows(AssertionError.class, () -> ban.rule().check(lawbreaker));
                    String report = String.valueOf(error.getMessage());
                    assertTrue(report.contains(ban.instead), report);
                    for (Method method : Lawbreaker.class.getDeclaredMethods()) {
                        String reported = "Lawbreaker." + method.getName() + "()";
                        assertEquals(
                                method.getName().startsWith(ban.name),
                                report.contains(reported),
                                () -> reported + ": " + report);
                    }
                }));
    }
}
