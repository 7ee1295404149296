package io.dynamokv.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The house's rules for the operator: what is decided is pure, and whoever acts does not decide. */
class ArchitectureTest {
    private static final String ROOT = "io.dynamokv.operator";

    /** For each package those of the operator that it may know. A new package takes its place here. */
    private static final Map<String, List<String>> MAY_KNOW = Map.of(
            "api", List.of(),
            "config", List.of(),
            "nodes", List.of(),
            "desired", List.of("api"),
            "plan", List.of("api", "desired", "nodes"),
            "status", List.of("api", "desired", "nodes", "plan"),
            "observe", List.of("api", "desired", "nodes", "plan"),
            "reconcile", List.of("api", "config", "desired", "nodes", "plan", "status", "observe"),
            "app", List.of("api", "config", "desired", "nodes", "plan", "status", "observe", "reconcile"));

    private static final JavaClasses OPERATOR = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages(ROOT);

    @Test
    void noPackagesFormACycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(OPERATOR);
    }

    @Test
    void everyArrowBetweenPackagesIsOneOfTheHouses() {
        var layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String name : MAY_KNOW.keySet()) {
            layers = layers.layer(name).definedBy(ROOT + "." + name + "..");
        }
        for (Map.Entry<String, List<String>> entry : MAY_KNOW.entrySet()) {
            var layer = layers.whereLayer(entry.getKey());
            layers = entry.getValue().isEmpty()
                    ? layer.mayNotAccessAnyLayer()
                    : layer.mayOnlyAccessLayers(entry.getValue().toArray(String[]::new));
        }
        layers.check(OPERATOR);
    }

    @Test
    void everyPackageHasItsPlaceInTheHouse() {
        String[] packages =
                MAY_KNOW.keySet().stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(packages).check(OPERATOR);
    }

    /** The models of Kubernetes' objects are values; what calls the API server is not. */
    @Test
    void whatIsDecidedCallsNobody() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".desired..", ROOT + ".plan..", ROOT + ".status..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.javaoperatorsdk..",
                        "io.quarkus..",
                        "io.vertx..",
                        "jakarta..",
                        "java.net..",
                        "java.nio.file..",
                        "org.jboss.logging..")
                .check(OPERATOR);
    }

    @Test
    void theResourceKnowsNoOperator() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javaoperatorsdk..", "io.quarkus..", "io.dynamokv.core..")
                .check(OPERATOR);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<JavaPackage> packages =
                OPERATOR.stream().map(JavaClass::getPackage).distinct().toList();
        assertTrue(packages.size() >= MAY_KNOW.size());
        for (JavaPackage each : packages) {
            assertTrue(each.isAnnotatedWith(NullMarked.class), () -> each.getName() + " needs a package-info");
        }
    }
}
