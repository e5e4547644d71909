package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.NativePeers;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Starts machines for load, without Spring: one a port, on consecutive ports of loopback, until the process is ended.
 *
 * <pre>{@code
 * --machines=1000 --first-port=20000 [--tls] [--ca=FILE] [--key=ID:SECRET] [--managed] [--data] [--window=MILLIS]
 *     [--cloud-port=8443 --cloud-ca=FILE --cloud-key=ID:SECRET]
 * }</pre>
 *
 * <p>With {@code --data} the machines have a data manager. Then, one a line, the standard input takes {@code lose-internet N}, by which
 * the first so many lose it, and {@code mend}, and each is answered in one line when it is in force.
 *
 * <p>With a port for a cloud there is one on loopback, and the machines wait there for offers of WebRTC. It asks for its key, whose
 * owner may call all of them; theirs is another matter.
 */
public final class SimulatorMain {

    private static final Set<String> KNOWN = Set.of(
            "machines",
            "first-port",
            "tls",
            "ca",
            "key",
            "managed",
            "data",
            "window",
            "cloud-port",
            "cloud-ca",
            "cloud-key");

    private static final List<ResourceSpec> WITH_DATA = List.of(
            ResourceSpec.of("rdk:component:motor", "m1"),
            ResourceSpec.of("rdk:component:sensor", "s1"),
            ResourceSpec.of("rdk:service:data_manager", "builtin"));

    private final int machines;
    private final int firstPort;
    private final boolean tls;
    private final boolean managed;
    private final boolean data;
    private final Duration window;
    private final @Nullable Path ca;
    private final MachineSpec.@Nullable Key key;
    private final @Nullable CloudOptions cloud;

    private record CloudOptions(int port, Path ca, MachineSpec.Key key) {}

    private SimulatorMain(Map<String, String> options) {
        machines = Integer.parseInt(options.getOrDefault("machines", "1"));
        firstPort = Integer.parseInt(options.getOrDefault("first-port", "20000"));
        tls = options.containsKey("tls");
        managed = options.containsKey("managed");
        data = options.containsKey("data");
        window = Duration.ofMillis(Integer.parseInt(options.getOrDefault("window", "2000")));
        String file = options.get("ca");
        ca = file == null ? null : Path.of(file);
        key = key("key", options.get("key"));
        cloud = cloud(options);
        if (ca != null && !tls) {
            throw new IllegalArgumentException("--ca writes the certificate authority of --tls, which is missing");
        }
    }

    private static MachineSpec.@Nullable Key key(String option, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String[] parts = value.split(":", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("--" + option + " is the id and the secret with a colon between them");
        }
        return new MachineSpec.Key(parts[0], parts[1]);
    }

    private static @Nullable CloudOptions cloud(Map<String, String> options) {
        String port = options.get("cloud-port");
        String ca = options.get("cloud-ca");
        MachineSpec.Key key = key("cloud-key", options.get("cloud-key"));
        if (port == null && ca == null && key == null) {
            return null;
        }
        if (port == null || ca == null || key == null) {
            throw new IllegalArgumentException(
                    "--cloud-port, --cloud-ca and --cloud-key are of one cloud: give all three");
        }
        return new CloudOptions(Integer.parseInt(port), Path.of(ca), key);
    }

    /** Starts the machines and says so in one line when all of them listen. */
    public static void main(String[] args) throws IOException, InterruptedException {
        // The default of the logging library is to tell everything, which would cost more than the machines do.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        new SimulatorMain(options(args)).run();
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options = new HashMap<>();
        for (String arg : args) {
            String[] parts = arg.split("=", 2);
            String name = parts[0].startsWith("--") ? parts[0].substring(2) : "";
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException("Unknown option " + arg + ": use --machines=N --first-port=N [--tls]"
                        + " [--ca=FILE] [--key=ID:SECRET] [--managed] [--data] [--window=MILLIS]"
                        + " [--cloud-port=N --cloud-ca=FILE --cloud-key=ID:SECRET]");
            }
            options.put(name, parts.length > 1 ? parts[1] : "");
        }
        return options;
    }

    private void run() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (SystemTime time = new SystemTime();
                NativePeers peers = new NativePeers(time);
                SimulatedFleet fleet = SimulatedFleet.start(time, peers, specs());
                Waiting _ = waiting(time, fleet)) {
            if (ca != null) {
                Files.writeString(ca, fleet.caPem());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown));
            System.out.println("ready machines=" + machines + " first-port=" + firstPort);
            Thread.ofPlatform().daemon().name("verbs").start(() -> obey(fleet));
            ended.await();
        }
    }

    private static void obey(SimulatedFleet fleet) {
        try (BufferedReader verbs = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
            String line = verbs.readLine();
            while (line != null) {
                System.out.println(obey(fleet, line.strip().split(" ")));
                line = verbs.readLine();
            }
        } catch (IOException e) {
            System.out.println("the verbs cannot be read: " + e.getMessage());
        }
    }

    private static String obey(SimulatedFleet fleet, String[] verb) {
        return switch (verb[0]) {
            case "lose-internet" -> {
                if (verb.length != 2 || !verb[1].matches("[0-9]{1,6}")) {
                    yield "lose-internet needs a number of machines";
                }
                fleet.machines().stream().limit(Integer.parseInt(verb[1])).forEach(SimulatedMachine::loseInternet);
                yield "lost " + verb[1];
            }
            case "mend" -> {
                fleet.machines().forEach(SimulatedMachine::mend);
                yield "mended";
            }
            default -> "unknown verb " + verb[0] + ": there are lose-internet N and mend";
        };
    }

    /** What ends with the machines. */
    private interface Waiting extends AutoCloseable {
        @Override
        void close();
    }

    /** The cloud they wait at, where there is one. */
    private Waiting waiting(SystemTime time, SimulatedFleet fleet) throws IOException {
        if (cloud == null) {
            return () -> {};
        }
        SimulatedCloud started = SimulatedCloud.start(
                time, CloudSpec.onLoopback().at("127.0.0.1", cloud.port).withKey(cloud.key.id(), cloud.key.secret()));
        started.connect(fleet);
        Files.writeString(cloud.ca, started.caPem());
        return started::close;
    }

    private List<MachineSpec> specs() {
        List<MachineSpec> specs = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            MachineSpec spec =
                    MachineSpec.named("machine-" + i).onPort(firstPort + i).withWindow(window);
            spec = tls ? spec.withTls() : spec;
            spec = managed ? spec.inCloud() : spec;
            spec = data ? spec.withResources(WITH_DATA) : spec;
            spec = cloud == null ? spec : spec.inCloud().withWebRtc();
            spec = key == null ? spec : spec.withKey(key.id(), key.secret());
            specs.add(spec);
        }
        return specs;
    }
}
