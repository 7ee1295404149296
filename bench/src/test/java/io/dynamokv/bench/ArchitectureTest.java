package io.dynamokv.bench;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dynamokv.bench");

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("io.dynamokv.bench.(*)..")
                .should()
                .beFreeOfCycles()
                .check(classes);
    }

    @Test
    void whatIsReadAndWrittenIsPure() {
        ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("io.dynamokv.bench.workload")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.io..", "java.net..", "java.nio.file..")
                .check(classes);
    }
}
