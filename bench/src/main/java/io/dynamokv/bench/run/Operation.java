package io.dynamokv.bench.run;

/** The kinds of requests that are measured apart. */
enum Operation {
    READ("read"),
    WRITE("write");

    private final String label;

    Operation(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
