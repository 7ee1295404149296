package io.dynamokv.e2e;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** What the command line says. */
record Options(
        Optional<Path> kubeconfig,
        String namespace,
        String host,
        Optional<URI> address,
        String images,
        String tag,
        Optional<String> nextTag,
        Optional<Path> faults,
        List<String> only,
        boolean keep) {
    static final String USAGE = """
            Usage: ./dynamokv e2e [options]

              --kubeconfig F    the cluster; without it K3s is started by Testcontainers, where Docker and its image are there
              --namespace N     where everything goes (dynamokv-e2e); it must not exist, or be of an earlier run
              --host H          host of the Ingress (cart.example)
              --address URL     where the Ingress controller answers; by default what the Ingress's status says
              --images PREFIX   images are PREFIX-node, PREFIX-operator, PREFIX-cart, as ./dynamokv images makes them (dynamokv)
              --tag T           their tag (dev)
              --next-tag T      a second tag of the node's image, for the rolling update
              --faults DIR      programs node-kill NAME, node-start NAME, api-stop, api-start; what is not there is not played
              --only a,b        only these scenarios, install first
              --keep            leave everything running at the end
            """;

    /** @throws IllegalArgumentException if an option is not known or lacks its value */
    static Options parse(String... args) {
        var builder = new Builder();
        var rest = new ArrayDeque<>(List.of(args));
        while (!rest.isEmpty()) {
            builder.take(rest.removeFirst(), rest);
        }
        return builder.build();
    }

    private static final class Builder {
        private Optional<Path> kubeconfig = Optional.empty();
        private String namespace = "dynamokv-e2e";
        private String host = "cart.example";
        private Optional<URI> address = Optional.empty();
        private String images = "dynamokv";
        private String tag = "dev";
        private Optional<String> nextTag = Optional.empty();
        private Optional<Path> faults = Optional.empty();
        private List<String> only = List.of();
        private boolean keep;

        private void take(String option, ArrayDeque<String> rest) {
            switch (option) {
                case "--kubeconfig" -> kubeconfig = Optional.of(Path.of(value(option, rest)));
                case "--namespace" -> namespace = value(option, rest);
                case "--host" -> host = value(option, rest);
                case "--address" -> address = Optional.of(URI.create(value(option, rest)));
                case "--images" -> images = value(option, rest);
                case "--tag" -> tag = value(option, rest);
                case "--next-tag" -> nextTag = Optional.of(value(option, rest));
                case "--faults" -> faults = Optional.of(Path.of(value(option, rest)));
                case "--only" -> only = List.of(value(option, rest).split(",", -1));
                case "--keep" -> keep = true;
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }

        private static String value(String option, ArrayDeque<String> rest) {
            if (rest.isEmpty()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            return rest.removeFirst();
        }

        private Options build() {
            return new Options(kubeconfig, namespace, host, address, images, tag, nextTag, faults, only, keep);
        }
    }
}
