package io.dynamokv.local;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.dynamokv.local");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.dynamokv.local.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void packagesOfTheKubernetesApiHaveNoCycles() {
        slices().matching("io.dynamokv.local.kube.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void onlyTheDemoKnowsTheOthers() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("balancer")
                .definedBy("..local.balancer..")
                .layer("process")
                .definedBy("..local.process..")
                .layer("demo")
                .definedBy("..local.demo..")
                .layer("kube")
                .definedBy("..local.kube..")
                .whereLayer("demo")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("balancer")
                .mayOnlyBeAccessedByLayers("demo")
                .whereLayer("process")
                .mayOnlyBeAccessedByLayers("demo", "kube")
                .whereLayer("kube")
                .mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }
}
