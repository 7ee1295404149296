package io.dynamokv.e2e;

import io.dynamokv.e2e.cluster.Commands;
import io.dynamokv.e2e.cluster.FailedException;
import io.dynamokv.e2e.cluster.Faults;
import io.dynamokv.e2e.cluster.Helm;
import io.dynamokv.e2e.cluster.Kube;
import io.dynamokv.e2e.cluster.OperatorLog;
import io.dynamokv.e2e.load.SteadyLoad;
import io.dynamokv.e2e.scenario.Invariants;
import io.dynamokv.e2e.scenario.Scenario;
import io.dynamokv.e2e.scenario.Scenarios;
import io.dynamokv.e2e.scenario.Stage;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plays the scenarios on a cluster, says how each went, and ends with 0 if none failed. */
public final class E2eMain {
    private record Result(String name, String verdict, double seconds, String said) {}

    private final PrintStream out;
    private final Options options;

    private E2eMain(PrintStream out, Options options) {
        this.out = out;
        this.options = options;
    }

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (List.of(args).contains("--help")) {
            out.print(Options.USAGE);
            return;
        }
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println("dynamokv e2e: " + e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new E2eMain(out, options).run() ? 0 : 1);
    }

    private boolean run() {
        Path home = Path.of(System.getProperty("dynamokv.home", "."));
        try (var target = Target.of(options.kubeconfig(), home, options.images(), options.tag());
                var client = new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(target.kubeconfig().toFile()))
                        .build()) {
            return play(stage(home, target, client));
        }
    }

    private Stage stage(Path home, Target target, KubernetesClient client) {
        Path kubeconfig = target.kubeconfig().toAbsolutePath();
        var commands = new Commands(home, Map.of("KUBECONFIG", kubeconfig.toString()));
        return new Stage(
                new Kube(client),
                new Helm(commands, home.resolve("helm/dynamokv")),
                new Faults(options.faults(), commands),
                commands,
                home,
                kubeconfig,
                options.namespace(),
                options.host(),
                new Stage.Images(
                        options.images(),
                        options.tag(),
                        options.nextTag().map(tag -> options.images() + "-node:" + tag)),
                new Entrance(options.address(), options.namespace()),
                new Stage.Running());
    }

    private boolean play(Stage stage) {
        out.println("Kubernetes " + stage.kube().client().getKubernetesVersion().getGitVersion() + ", namespace "
                + stage.namespace());
        var results = new ArrayList<Result>();
        try (var log = new OperatorLog(stage.kube().client(), stage::operatorPods, AllowedErrors.read())) {
            var invariants = new Invariants(stage, log);
            for (Scenario scenario : chosen()) {
                Result result = playOne(scenario, stage, invariants, log);
                results.add(result);
                out.printf("  %-6s %6.1f s  %s%n", result.verdict(), result.seconds(), result.said());
                if (result.verdict().equals("FAILED") && scenario.name().equals("install")) {
                    break;
                }
            }
        } finally {
            stage.running().load().ifPresent(SteadyLoad::close);
            cleanUp(stage);
        }
        return summary(results);
    }

    private List<Scenario> chosen() {
        return Scenarios.all().stream()
                .filter(scenario -> options.only().isEmpty()
                        || scenario.name().equals("install")
                        || options.only().contains(scenario.name()))
                .toList();
    }

    private Result playOne(Scenario scenario, Stage stage, Invariants invariants, OperatorLog log) {
        out.println(scenario.name());
        Optional<String> whyNot = scenario.whyNot(stage);
        if (whyNot.isPresent()) {
            return new Result(scenario.name(), "left", 0, whyNot.get());
        }
        long begun = System.nanoTime();
        try (var following = new Following(log)) {
            following.begin();
            String said = scenario.play(stage);
            out.println("         " + said);
            return new Result(scenario.name(), "ok", secondsSince(begun), invariants.check());
        } catch (RuntimeException e) {
            if (!(e instanceof FailedException)) {
                e.printStackTrace(out);
            }
            return new Result(scenario.name(), "FAILED", secondsSince(begun), String.valueOf(e.getMessage()));
        }
    }

    private static double secondsSince(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    private void cleanUp(Stage stage) {
        if (options.keep()) {
            out.println("Everything stays in the namespace " + stage.namespace());
            return;
        }
        if (stage.helm().isInstalled(Stage.RELEASE, stage.namespace())) {
            stage.helm().uninstall(Stage.RELEASE, stage.namespace());
        }
        stage.kube().client().namespaces().withName(stage.namespace()).delete();
    }

    private boolean summary(List<Result> results) {
        long failed = results.stream()
                .filter(result -> result.verdict().equals("FAILED"))
                .count();
        long left = results.stream()
                .filter(result -> result.verdict().equals("left"))
                .count();
        out.printf(
                "%d scenarios: %d ok, %d failed, %d left out%n",
                results.size(), results.size() - failed - left, failed, left);
        return failed == 0 && !results.isEmpty();
    }
}
