package io.dynamokv.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void nothingSaidMeansK3sAndEveryScenario() {
        Options options = Options.parse();
        assertEquals(Optional.empty(), options.kubeconfig());
        assertEquals(List.of(), options.only());
        assertEquals("dynamokv-e2e", options.namespace());
    }

    @Test
    void takesWhatIsSaid() {
        Options options = Options.parse("--kubeconfig", "k.yaml", "--only", "pod,cart", "--keep", "--next-tag", "two");
        assertEquals(Optional.of(Path.of("k.yaml")), options.kubeconfig());
        assertEquals(List.of("pod", "cart"), options.only());
        assertEquals(Optional.of("two"), options.nextTag());
        assertTrue(options.keep());
    }

    @Test
    void namesTheOptionThatIsWrong() {
        assertEquals(
                "unknown option --fast",
                assertThrows(IllegalArgumentException.class, () -> Options.parse("--fast"))
                        .getMessage());
        assertEquals(
                "--only needs a value",
                assertThrows(IllegalArgumentException.class, () -> Options.parse("--only"))
                        .getMessage());
    }
}
