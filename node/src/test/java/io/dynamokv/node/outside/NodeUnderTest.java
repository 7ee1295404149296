package io.dynamokv.node.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dynamokv.core.cluster.ClusterSecret;
import io.dynamokv.core.ring.ClusterMap;
import io.dynamokv.core.ring.MapChain;
import io.dynamokv.core.ring.MapDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** One real node: its directory, its ports on a loopback address of its own, its process. The directory outlives the process. */
final class NodeUnderTest implements AutoCloseable {
    static final String SECRET = "k1:00112233445566778899aabbccddeeff";
    static final ObjectMapper JSON = new ObjectMapper();

    private static final String ADVERTISED = "dynamokv.advertised-host=";
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Set<Integer> TRIED = ConcurrentHashMap.newKeySet();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** Where a node listens. */
    record Place(String host, int httpPort, int adminPort, int peerPort) {
        static Place free(String host) throws IOException {
            return new Place(host, freePort(), freePort(), freePort());
        }
    }

    private final Path directory;
    private final String name;
    private Place place;
    private final List<String> settings = new ArrayList<>();
    private final Start start;

    private Process process;

    /**
     * How its process begins.
     *
     * @param launcher what runs the node's own command
     * @param training its JVM writes down there what it has loaded
     */
    private record Start(List<String> launcher, boolean byEnvironment, Optional<Path> training) {
        static final Start PLAIN = new Start(List.of(), false, Optional.empty());
    }

    private NodeUnderTest(String host, Path directory, Start start, List<String> settings) throws IOException {
        name = host;
        place = Place.free(host);
        this.start = start;
        this.directory = directory;
        this.settings.addAll(settings);
        Files.createDirectories(temporary());
        if (Files.notExists(secretFile())) {
            Files.writeString(secretFile(), SECRET + "\n");
        }
        process = launch();
    }

    /** An option of Java's, such as one that says how large the heap may be. */
    private static boolean isForJava(String setting) {
        return setting.startsWith("-X");
    }

    /** Does not wait: several may start at the same time. */
    static NodeUnderTest start(String host, Path directory, String... settings) throws IOException {
        return new NodeUnderTest(host, directory, Start.PLAIN, List.of(settings));
    }

    /** As a process that sees this disk. */
    static NodeUnderTest startOn(MountedDisk disk, String host, Path directory, String... settings) throws IOException {
        var start = new Start(disk.entering(), false, Optional.empty());
        return new NodeUnderTest(host, directory, start, List.of(settings));
    }

    /** As in a container: no system property, everything by environment variables. */
    static NodeUnderTest startByEnvironment(String host, Path directory, String... settings) throws IOException {
        return new NodeUnderTest(host, directory, new Start(List.of(), true, Optional.empty()), List.of(settings));
    }

    /** For the {@link AotCache}: its JVM writes it when the node ends. */
    static NodeUnderTest startTraining(String host, Path directory, Path cache) throws IOException {
        return new NodeUnderTest(host, directory, new Start(List.of(), false, Optional.of(cache)), List.of());
    }

    private Process launch() throws IOException {
        var all = new ArrayList<>(List.of(
                "dynamokv.data-dir=" + data(),
                "dynamokv.secret-file=" + secretFile(),
                "dynamokv.host=" + place.host(),
                "dynamokv.name=" + name,
                "dynamokv.http-port=" + place.httpPort(),
                "dynamokv.admin-port=" + place.adminPort(),
                "dynamokv.peer-port=" + place.peerPort(),
                "dynamokv.stop-when-stdin-closes=true"));
        settings.stream().filter(setting -> !isForJava(setting)).forEach(all::add);
        var command = new ArrayList<>(start.launcher());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary(),
                "-Xmx160m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "--finalization=disabled"));
        command.addAll(
                start.training().isPresent()
                        ? List.of("-XX:AOTCacheOutput=" + start.training().get())
                        : AotCache.ofTheNode(JAR));
        settings.stream().filter(NodeUnderTest::isForJava).forEach(command::add);
        var builder = new ProcessBuilder(command);
        for (String setting : all) {
            if (start.byEnvironment()) {
                int equals = setting.indexOf('=');
                String name =
                        setting.substring(0, equals).replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
                builder.environment().put(name, setting.substring(equals + 1));
            } else {
                command.add("-D" + setting);
            }
        }
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        return builder.command(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()))
                .start();
    }

    /**
     * Below the ports that the operating system gives to callers, one of whom might get it meanwhile; and free at every address, for some nodes listen at
     * all of them. Each is given, and tried, once: a node binds its own later, and would meet who tries it.
     */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            if (!TRIED.add(port)) {
                continue;
            }
            try (var socket = new ServerSocket(port, 1)) {
                return socket.getLocalPort();
            } catch (BindException _) {
                // taken: try another one
            }
        }
    }

    Path secretFile() {
        return directory.resolve("secret");
    }

    /** RocksDB's library is unpacked at each start, and one that is killed leaves its 17 MB behind. */
    private Path temporary() {
        return directory.resolve("tmp");
    }

    private Path logFile() {
        return directory.resolve("log");
    }

    String host() {
        return place.host();
    }

    /** Where others reach it. */
    String advertisedHost() {
        return settings.stream()
                .filter(setting -> setting.startsWith(ADVERTISED))
                .map(setting -> setting.substring(ADVERTISED.length()))
                .findFirst()
                .orElse(host());
    }

    int httpPort() {
        return place.httpPort();
    }

    int peerPort() {
        return place.peerPort();
    }

    Place place() {
        return place;
    }

    Path directory() {
        return directory;
    }

    /** What the node itself keeps. */
    Path data() {
        return directory.resolve("data");
    }

    List<String> log() throws IOException {
        return Files.exists(logFile()) ? Files.readAllLines(logFile()) : List.of();
    }

    String logText() {
        try {
            return String.join("\n", log());
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Looks again and again, for a minute at most: other tests use the machine too. */
    void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError(what + " did not come about at " + host() + "; its log:\n" + logText());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    void awaitOnDisk(String file, String text) throws IOException, InterruptedException {
        await(text + " in " + file, () -> Files.readString(data().resolve(file)).contains(text));
    }

    NodeUnderTest awaitOpen() throws IOException, InterruptedException {
        await("an open node", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("node " + host() + " ended with " + process.exitValue() + ":\n" + logText());
            }
            return statusCodeOf(admin("GET", "/admin/v1/status")) == 200;
        });
        return this;
    }

    NodeUnderTest awaitServing() throws IOException, InterruptedException {
        awaitOpen();
        await("a serving node", () -> status().path("state").asText().equals("serving"));
        return this;
    }

    private static int statusCodeOf(HttpRequest.Builder request) throws InterruptedException {
        try {
            return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return -1;
        }
    }

    JsonNode status() throws IOException, InterruptedException {
        return JSON.readTree(send(admin("GET", "/admin/v1/status")).body());
    }

    UUID id() throws IOException, InterruptedException {
        return UUID.fromString(status().path("nodeId").asText());
    }

    private HttpRequest.Builder admin(String method, String path) {
        return adminWith(method, path, BodyPublishers.noBody());
    }

    private HttpRequest.Builder adminWith(String method, String path, HttpRequest.BodyPublisher body) {
        return HttpRequest.newBuilder(URI.create("http://" + host() + ":" + place.adminPort() + path))
                .timeout(PATIENCE)
                .method(method, body);
    }

    HttpResponse<byte[]> askAdmin(String path) throws IOException, InterruptedException {
        return send(admin("GET", path));
    }

    HttpResponse<byte[]> tellAdmin(String method, String path, String bearer, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = adminWith(method, path, BodyPublishers.ofString(body));
        return send(bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer));
    }

    HttpResponse<byte[]> adopt(ClusterMap map, MapChain chain) throws IOException, InterruptedException {
        return tellAdmin(
                "PUT",
                "/admin/v1/map",
                bearer(),
                JSON.writeValueAsString(Map.of("map", MapDocument.of(map), "chain", linksOf(chain))));
    }

    private static List<Map<String, Object>> linksOf(MapChain chain) {
        return chain.links().stream()
                .map(link -> Map.<String, Object>of(
                        "epoch", link.epoch().number(), "term", link.term(), "hash", link.hash()))
                .toList();
    }

    /** A gauge or counter without labels. */
    double metric(String name) throws IOException, InterruptedException {
        String metrics = new String(askAdmin("/q/metrics").body(), StandardCharsets.UTF_8);
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + metrics));
    }

    /** Of all metrics whose name and labels begin so. */
    double sumOfMetrics(String beginning) throws IOException, InterruptedException {
        return new String(askAdmin("/q/metrics").body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(beginning))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static String bearer() {
        return ClusterSecret.parse(SECRET).bearerToken();
    }

    /** A request to the client API; {@code path} as it shall stand on the wire. */
    HttpRequest.Builder client(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host() + ":" + httpPort() + path))
                .timeout(PATIENCE);
    }

    static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return send(client(path).GET());
    }

    /** @param headers names and values in turn */
    HttpResponse<byte[]> put(String path, String value, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = client(path).PUT(BodyPublishers.ofString(value));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    RawConnection connect() throws IOException {
        return RawConnection.to(host(), httpPort());
    }

    StreamsConnection connectWithStreams() throws IOException {
        return StreamsConnection.to(host(), httpPort());
    }

    RawConnection connectAsAdmin() throws IOException {
        return RawConnection.to(host(), place.adminPort());
    }

    Socket connectAsPeer() throws IOException {
        return new Socket(host(), peerPort());
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("node " + host() + " does not end; its log:\n" + logText());
        }
        return process.exitValue();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGTERM, and waits for its end. */
    void stop() throws InterruptedException {
        terminate();
        awaitExit();
    }

    /** SIGSTOP: it is there and does nothing. */
    void freeze() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    void closeItsStandardInput() throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.flush();
        }
    }

    /** SIGCONT. */
    void thaw() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-CONT", Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void startAgain() throws IOException {
        process = launch();
    }

    void startAgainAt(Place elsewhere) throws IOException {
        place = elsewhere;
        process = launch();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        delete(directory);
    }

    static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
