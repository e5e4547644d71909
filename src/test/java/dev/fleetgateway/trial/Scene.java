package dev.fleetgateway.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The three namespaces with what runs in them: machine and sampler, gateway, callers. The trial itself runs in the callers'.
 * Every process of it ends with it, and with its namespace at the latest.
 */
final class Scene implements AutoCloseable {

    private static final int CHROMEDRIVER = 9515;

    private final String prefix;
    private final Path folder;
    private final String viamServer;
    private final String jar;
    private final Rest rest = new Rest();
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private @Nullable Process gateway;
    private @Nullable Process chromedriver;
    private @Nullable Motors motors;

    Scene(String prefix, Path folder, String viamServer, String jar) {
        this.prefix = prefix;
        this.folder = folder;
        this.viamServer = viamServer;
        this.jar = jar;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Process::destroyForcibly)));
    }

    void open() throws IOException, InterruptedException {
        start("m", "viam-server.log", viamServer, "-disable-mdns", "-config", folder + "/machine.json");
        Process sampler =
                start("m", "sampler.txt", join(new String[] {"nice", "-n", "-10"}, java(Sampler.class.getName())));
        Motors samples = new Motors(sampler, folder.resolve("sampler.txt"));
        motors = samples;
        if (samples.awaitFirst("m2", "off", System.nanoTime(), 30_000).isEmpty()) {
            throw new IllegalStateException("The machine's motors cannot be asked; see " + folder);
        }
        startGateway();
        chromedriver = start("", "chromedriver.log", "chromedriver", "--port=" + CHROMEDRIVER);
    }

    Motors motors() {
        return Objects.requireNonNull(motors);
    }

    Rest rest() {
        return rest;
    }

    void startGateway() throws IOException, InterruptedException {
        gateway = start(
                "g",
                "gateway.log",
                java(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-jar",
                        jar,
                        "--spring.config.additional-location=file:" + folder + "/gateway.yml"));
        awaitReady();
    }

    Process gateway() {
        return Objects.requireNonNull(gateway);
    }

    /** Waits until the gateway reaches the machine and nobody holds it, and has the motors stand. */
    void settle() throws IOException, InterruptedException {
        mend();
        if (gateway().isAlive()) {
            signal("CONT", List.of(gateway().pid()));
        } else {
            startGateway();
        }
        motors().stop();
        // Told by another thread, it would else come upon what the next run has set about.
        motors().mark();
        awaitReady();
    }

    private void awaitReady() throws IOException, InterruptedException {
        String last = "";
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        long redial = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() - end < 0) {
            try {
                JsonNode picture = rest.ask("GET", "", null, null).ok();
                last = picture.path("connection") + ", lease " + picture.path("lease");
                boolean ready =
                        picture.path("connection").path("state").asString("").equals("READY");
                JsonNode holder = picture.path("lease");
                if (ready && (holder.isNull() || holder.isMissingNode())) {
                    return;
                }
                if (!ready && System.nanoTime() - redial > 0) {
                    redial = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
                    rest.ask("POST", "/connect", null, null);
                }
            } catch (IOException | IllegalStateException e) {
                last = e.toString();
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("The machine is not free and ready for 60 s: " + last);
    }

    /** A process that drives. */
    Caller driver(String kind, Motion motion) throws IOException, InterruptedException {
        Process process = start("", null, java("-XX:TieredStopAtLevel=1", Driver.class.getName(), kind, motion.name()));
        Caller caller = new Caller(process);
        try {
            caller.hear("driving");
            return caller;
        } catch (IllegalStateException e) {
            caller.close();
            throw e;
        }
    }

    Browser browser(Motion motion) throws IOException, InterruptedException {
        return new Browser(Objects.requireNonNull(chromedriver), CHROMEDRIVER, motion);
    }

    /**
     * Has the line between two namespaces lose whatever comes, both ways, as a cable does that is pulled between two switches.
     * The time is from before the first loss.
     */
    long cut(String one, String other) throws IOException, InterruptedException {
        long at = System.nanoTime();
        // Dropped where it comes in, so that who sends is not told.
        filter(other, "-I", "PREROUTING", "-i", "to-" + one, "-j", "DROP");
        filter(one, "-I", "PREROUTING", "-i", "to-" + other, "-j", "DROP");
        return at;
    }

    /** Ends every fault there may be. */
    void mend() throws IOException, InterruptedException {
        for (String namespace : List.of("c", "g", "m")) {
            filter(namespace, "-F", "PREROUTING");
        }
    }

    private void filter(String namespace, String... rule) throws IOException, InterruptedException {
        run(List.of(
                join(new String[] {"ip", "netns", "exec", prefix + namespace, "iptables", "-w", "-t", "raw"}, rule)));
    }

    static long signal(String signal, List<Long> pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        long at = System.nanoTime();
        run(command);
        return at;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("Failed: " + String.join(" ", command));
        }
    }

    private static String[] java(String... arguments) {
        String program = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String path = Objects.requireNonNull(System.getProperty("java.class.path"));
        return Arrays.asList(arguments).contains("-jar")
                ? join(new String[] {program}, arguments)
                : join(new String[] {program, "-cp", path}, arguments);
    }

    private static String[] join(String[] one, String[] other) {
        String[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Starts one; what it says goes to the file, or to us and its complaints to one file. "ip netns exec" becomes the program, so that the pid is its own. */
    private Process start(String namespace, @Nullable String file, String... command) throws IOException {
        String[] whole =
                namespace.isEmpty() ? command : join(new String[] {"ip", "netns", "exec", prefix + namespace}, command);
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("VIAM_HOME", folder.toString());
        Path log = folder.resolve(file == null ? "drivers.log" : file);
        if (file == null) {
            Files.writeString(
                    log,
                    "--- " + whole[whole.length - 2] + " " + whole[whole.length - 1] + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        } else {
            builder.redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        }
        Process process = builder.start();
        running.add(process);
        var _ = process.onExit().thenAccept(running::remove);
        return process;
    }

    /** A driver's process. */
    static final class Caller implements Driving {

        private final Process process;
        private final BufferedReader out;

        Caller(Process process) {
            this.process = process;
            this.out = process.inputReader(StandardCharsets.UTF_8);
        }

        long kill() {
            long at = System.nanoTime();
            process.destroyForcibly();
            return at;
        }

        /** Has it do something, and says when it did. */
        long tell(String command) throws IOException, InterruptedException {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(command)
                    .append('\n')
                    .flush();
            return Long.parseLong(hear("event ").substring("event ".length()));
        }

        private String hear(String beginning) throws IOException, InterruptedException {
            for (int tries = 0; tries < 2_000 && (out.ready() || process.isAlive()); tries++) {
                if (!out.ready()) {
                    Thread.sleep(10);
                    continue;
                }
                String line = out.readLine();
                if (line != null && line.startsWith(beginning)) {
                    return line;
                }
            }
            throw new IllegalStateException("The driver did not say '" + beginning + "'; see drivers.log");
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().orTimeout(5, TimeUnit.SECONDS).join();
        }
    }

    @Override
    public void close() {
        rest.close();
        running.forEach(each -> {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly();
        });
    }
}
