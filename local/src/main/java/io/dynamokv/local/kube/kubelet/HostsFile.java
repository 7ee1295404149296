package io.dynamokv.local.kube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dynamokv.local.kube.api.Api;
import io.dynamokv.local.kube.kinds.BuiltIn;
import io.dynamokv.local.kube.object.Meta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The cluster's DNS: a hosts file that every pod's Java reads at each look-up ({@code jdk.net.hosts.file}). A pod has a name as with a headless
 * Service, from when it has an address; a Service's name leads to its pods, as nothing stands before them.
 */
public final class HostsFile {
    private final Path file;
    private String written = "";

    HostsFile(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    void write(Api api) throws IOException {
        List<String> lines = new ArrayList<>(List.of("127.0.0.1 localhost"));
        for (ObjectNode pod : api.list(BuiltIn.POD)) {
            String address = pod.path("status").path("podIP").asText("");
            String subdomain = pod.path("spec").path("subdomain").asText("");
            if (!address.isEmpty() && !subdomain.isEmpty()) {
                lines.add(line(address, Meta.name(pod) + "." + subdomain, Meta.namespace(pod)));
            }
        }
        for (ObjectNode endpoints : api.list(BuiltIn.ENDPOINTS)) {
            for (JsonNode subset : endpoints.path("subsets")) {
                for (JsonNode one : subset.path("addresses")) {
                    lines.add(line(one.path("ip").asText(), Meta.name(endpoints), Meta.namespace(endpoints)));
                }
            }
        }
        String content = String.join("\n", lines) + "\n";
        if (!content.equals(written)) {
            Path next = file.resolveSibling("hosts.next");
            Files.writeString(next, content);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            written = content;
        }
    }

    private static String line(String address, String name, String namespace) {
        String full = name + "." + namespace + ".svc";
        return address + " " + full + " " + full + ".cluster.local " + name + "." + namespace;
    }
}
