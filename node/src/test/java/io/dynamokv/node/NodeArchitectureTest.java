package io.dynamokv.node;

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

/** The house's rules for the node: the rooms know core and the doors between them, and not each other. */
class NodeArchitectureTest {
    private static final String ROOT = "io.dynamokv.node";

    /** For each package those of the node that it may know. A new package takes its place here. */
    private static final Map<String, List<String>> MAY_KNOW = Map.of(
            "port", List.of(),
            "config", List.of(),
            "wire", List.of(),
            "storage", List.of(),
            "transport", List.of("port", "wire"),
            "runtime", List.of("port"),
            "telemetry", List.of("port"),
            "http", List.of("port", "config"),
            "app", List.of("port", "config", "wire", "storage", "transport", "runtime", "telemetry", "http"));

    private static final JavaClasses NODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .importPackages(ROOT);

    @Test
    void noPackagesFormACycle() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(NODE);
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
        layers.check(NODE);
    }

    @Test
    void everyPackageHasItsPlaceInTheHouse() {
        String[] packages =
                MAY_KNOW.keySet().stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
        classes().should().resideInAnyPackage(packages).check(NODE);
    }

    @Test
    void nobodyKnowsTheApp() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".app..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".app..")
                .check(NODE);
    }

    @Test
    void jaxRsStaysInHttp() {
        only("http", "jakarta.ws.rs..");
    }

    @Test
    void rocksDbStaysInStorage() {
        only("storage", "org.rocksdb..");
    }

    private static void only(String name, String library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(NODE);
    }

    @Test
    void storageAndPortKnowNoNetwork() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".storage..", ROOT + ".port..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "io.vertx..", "java.net..")
                .check(NODE);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<JavaPackage> packages =
                NODE.stream().map(JavaClass::getPackage).distinct().toList();
        assertTrue(packages.size() >= MAY_KNOW.size());
        for (JavaPackage each : packages) {
            assertTrue(each.isAnnotatedWith(NullMarked.class), () -> each.getName() + " needs a package-info");
        }
    }
}
