package io.dynamokv.e2e;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dynamokv.e2e");

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.dynamokv.e2e.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void theLoadSeesNothingOfKubernetes() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("io.dynamokv.e2e.load")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..")
                .check(classes);
    }
}
