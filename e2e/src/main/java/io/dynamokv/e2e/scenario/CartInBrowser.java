package io.dynamokv.e2e.scenario;

import io.dynamokv.e2e.cluster.Commands;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cart in a real browser through the Ingress, while a pod is deleted. */
final class CartInBrowser implements Scenario {
    @Override
    public String name() {
        return "cart";
    }

    @Override
    public Optional<String> whyNot(Stage stage) {
        Commands.Result found = stage.commands()
                .run(List.of("sh", "-c", "command -v npm && command -v chromium || command -v google-chrome"));
        return found.code() == 0 ? Optional.empty() : Optional.of("no npm and Chromium on this machine");
    }

    @Override
    public String play(Stage stage) {
        URI entrance = stage.entrance().apply(stage.kube());
        String loseNode = "kubectl --kubeconfig " + stage.kubeconfig() + " -n " + stage.namespace() + " delete pod "
                + Stage.CLUSTER + "-2 --wait=false";
        var browser = new Commands(
                stage.home().resolve("cart-frontend"),
                Map.of(
                        "DYNAMOKV_CART_URL",
                        "http://" + stage.host() + port(entrance),
                        "DYNAMOKV_CART_ADDRESS",
                        entrance.getHost(),
                        "DYNAMOKV_LOSE_NODE",
                        loseNode,
                        "DYNAMOKV_REQUIRE_BROWSER",
                        "1"));
        String output = browser.must(List.of("npm", "run", "--silent", "browser-test"));
        return output.lines()
                .filter(line -> line.contains("# pass") || line.contains("ℹ pass"))
                .findFirst()
                .orElse("passed")
                .strip();
    }

    private static String port(URI entrance) {
        return entrance.getPort() < 0 ? "" : ":" + entrance.getPort();
    }
}
