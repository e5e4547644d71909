package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.fleetgateway.time.SystemTime;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Starts a cloud for one real machine, without Spring, until the process is ended.
 *
 * <pre>{@code
 * --folder=DIR [--address=127.0.0.1] [--port=8443] [--fqdn=rover.sim.viam.cloud] [--key=ID:SECRET] [--bind=ADDRESS]
 *     [--window=MILLIS] [--refresh=SECONDS] [--resources=FILE]
 * }</pre>
 *
 * <p>The folder gets {@code ca.pem}, which viam-server must trust by {@code SSL_CERT_FILE}, and {@code viam.json}, which it is
 * started with. Then, one a line, its standard input takes the verbs of its faults: {@code signaling-down}, {@code silent},
 * {@code refuse}, {@code hang}, {@code errors}, {@code delay MILLIS} and {@code mend}; {@code resources FILE}, which the machine is
 * told from then on, {@code say online}, {@code say offline} and {@code say truth}, which is for those who ask for the machine, and
 * {@code show}. Each is answered in one line when it is in force.
 */
public final class CloudMain {

    private static final Set<String> KNOWN =
            Set.of("folder", "address", "port", "fqdn", "key", "bind", "window", "refresh", "resources");

    private final Path folder;
    private final String refresh;
    private final CloudSpec spec;
    private final ManagedMachine machine;

    private CloudMain(Map<String, String> options) throws IOException {
        String into = options.get("folder");
        if (into == null) {
            throw new IllegalArgumentException("--folder is missing: where ca.pem and viam.json are written to");
        }
        folder = Path.of(into);
        refresh = Integer.parseInt(options.getOrDefault("refresh", "10")) + "s";
        String file = options.get("resources");
        ManagedMachine named = ManagedMachine.named(options.getOrDefault("fqdn", "rover.sim.viam.cloud"))
                .boundTo(options.getOrDefault("bind", ""))
                .withWindow(Duration.ofMillis(Integer.parseInt(options.getOrDefault("window", "2000"))));
        if (file != null) {
            named = named.withResources(Files.readString(Path.of(file)));
        }
        String key = options.get("key");
        if (key != null) {
            String[] parts = key.split(":", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("--key is the id and the secret with a colon between them");
            }
            named = named.withKey(parts[0], parts[1]);
        }
        machine = named;
        spec = CloudSpec.onLoopback()
                .at(
                        options.getOrDefault("address", "127.0.0.1"),
                        Integer.parseInt(options.getOrDefault("port", "8443")))
                .managing(machine);
    }

    /** Starts the cloud and says so in one line when it listens and its files are written. */
    public static void main(String[] args) throws IOException, InterruptedException {
        // The default of the logging library is to tell everything.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        new CloudMain(options(args)).run();
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            String name = parts[0].startsWith("--") ? parts[0].substring(2) : "";
            if (!KNOWN.contains(name) || parts.length < 2) {
                throw new IllegalArgumentException("Unknown option " + arg + ": use --folder=DIR [--address=ADDRESS]"
                        + " [--port=N] [--fqdn=NAME] [--key=ID:SECRET] [--bind=ADDRESS] [--window=MILLIS]"
                        + " [--refresh=SECONDS] [--resources=FILE]");
            }
            options.put(name, parts[1]);
        }
        return options;
    }

    private void run() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown));
        try (SystemTime time = new SystemTime();
                SimulatedCloud cloud = SimulatedCloud.start(time, spec)) {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("ca.pem"), cloud.caPem());
            Files.writeString(folder.resolve("viam.json"), viamJson(cloud));
            System.out.println("ready cloud=" + cloud.address() + " machine=" + machine.fqdn() + " ca="
                    + folder.resolve("ca.pem") + " config=" + folder.resolve("viam.json"));
            obey(cloud);
            ended.await();
        }
    }

    private String viamJson(SimulatedCloud cloud) throws InvalidProtocolBufferException {
        Struct.Builder managed = Struct.newBuilder()
                .putFields("id", text(machine.partId()))
                .putFields("secret", text(machine.secret()))
                .putFields("app_address", text("https://" + cloud.address()))
                .putFields("refresh_interval", text(refresh));
        return JsonFormat.printer()
                .print(Struct.newBuilder()
                        .putFields(
                                "cloud",
                                Value.newBuilder().setStructValue(managed).build()));
    }

    private static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private void obey(SimulatedCloud cloud) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            boolean known = obey(cloud, line.strip().split(" ", 2));
            System.out.println(
                    known
                            ? line + " waiting=" + cloud.waiting(machine.fqdn()) + " reads=" + cloud.reads(machine)
                            : "unknown " + line);
        }
    }

    private boolean obey(SimulatedCloud cloud, String[] words) throws IOException {
        switch (words[0]) {
            case "signaling-down" -> cloud.signalingDown();
            case "silent" -> cloud.silent();
            case "refuse" -> cloud.refuse();
            case "hang" -> cloud.hang();
            case "errors" -> cloud.answerErrors();
            case "mend" -> cloud.mend();
            case "show" -> {}
            case "resources" -> {
                if (words.length < 2) {
                    return false;
                }
                cloud.configure(machine.withResources(Files.readString(Path.of(words[1]))));
            }
            case "say" -> {
                String said = words.length < 2 ? "" : words[1];
                if (!Set.of("online", "offline", "truth").contains(said)) {
                    return false;
                }
                cloud.claim(said.equals("truth") ? null : said.equals("online"));
            }
            case "delay" -> {
                if (words.length < 2 || !words[1].matches("[0-9]{1,6}")) {
                    return false;
                }
                cloud.delay(Duration.ofMillis(Integer.parseInt(words[1])));
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
