package dev.fleetgateway.simulator;

import dev.fleetgateway.time.SystemTime;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
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
 * --machines=1000 --first-port=20000 [--tls] [--ca=FILE] [--key=ID:SECRET] [--managed] [--window=MILLIS]
 * }</pre>
 */
public final class SimulatorMain {

    private static final Set<String> KNOWN = Set.of("machines", "first-port", "tls", "ca", "key", "managed", "window");

    private final int machines;
    private final int firstPort;
    private final boolean tls;
    private final boolean managed;
    private final Duration window;
    private final @Nullable Path ca;
    private final @Nullable String key;

    private SimulatorMain(Map<String, String> options) {
        machines = Integer.parseInt(options.getOrDefault("machines", "1"));
        firstPort = Integer.parseInt(options.getOrDefault("first-port", "20000"));
        tls = options.containsKey("tls");
        managed = options.containsKey("managed");
        window = Duration.ofMillis(Integer.parseInt(options.getOrDefault("window", "2000")));
        String file = options.get("ca");
        ca = file == null ? null : Path.of(file);
        key = options.get("key");
        if (key != null && !key.contains(":")) {
            throw new IllegalArgumentException("--key is the id and the secret with a colon between them");
        }
        if (ca != null && !tls) {
            throw new IllegalArgumentException("--ca writes the certificate authority of --tls, which is missing");
        }
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
                        + " [--ca=FILE] [--key=ID:SECRET] [--managed] [--window=MILLIS]");
            }
            options.put(name, parts.length > 1 ? parts[1] : "");
        }
        return options;
    }

    private void run() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (SystemTime time = new SystemTime();
                SimulatedFleet fleet = SimulatedFleet.start(time, specs())) {
            if (ca != null) {
                Files.writeString(ca, fleet.caPem());
            }
            Runtime.getRuntime().addShutdownHook(new Thread(ended::countDown));
            System.out.println("ready machines=" + machines + " first-port=" + firstPort);
            ended.await();
        }
    }

    private List<MachineSpec> specs() {
        List<MachineSpec> specs = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
            MachineSpec spec =
                    MachineSpec.named("machine-" + i).onPort(firstPort + i).withWindow(window);
            spec = tls ? spec.withTls() : spec;
            spec = managed ? spec.inCloud() : spec;
            if (key != null) {
                String[] parts = key.split(":", 2);
                spec = spec.withKey(parts[0], parts[1]);
            }
            specs.add(spec);
        }
        return specs;
    }
}
