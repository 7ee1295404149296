package io.dynamokv.bench.workload;

import site.ycsb.generator.NumberGenerator;
import site.ycsb.generator.ScrambledZipfianGenerator;
import site.ycsb.generator.UniformLongGenerator;

/** How the operations spread over the keys; YCSB's generators draw. */
public enum Distribution {
    ZIPFIAN,
    UNIFORM;

    public KeyChooser over(int keys) {
        NumberGenerator generator = switch (this) {
            case ZIPFIAN -> new ScrambledZipfianGenerator(0, keys - 1L);
            case UNIFORM -> new UniformLongGenerator(0, keys - 1L);
        };
        return () -> generator.nextValue().intValue();
    }
}
