package dev.fleetgateway.trial;

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

/** Processes in network namespaces, and the lines between these. Every process of it ends with it, and with its namespace at the latest. */
final class Stage implements AutoCloseable {

    private final String prefix;
    private final Path folder;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    Stage(String prefix, Path folder) {
        this.prefix = prefix;
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> running.forEach(Process::destroyForcibly)));
    }

    Path folder() {
        return folder;
    }

    /** Starts a Java program; with an empty namespace in our own. */
    Process java(String namespace, @Nullable String file, String... arguments) throws IOException {
        return start(namespace, file, javaCommand(arguments));
    }

    /** The same with the scheduler on its side. */
    Process urgentJava(String namespace, String file, String... arguments) throws IOException {
        return start(namespace, file, join(new String[] {"nice", "-n", "-10"}, javaCommand(arguments)));
    }

    /** Starts the gateway. */
    Process gateway(String namespace, String file, String jar, String settings) throws IOException {
        return java(
                namespace,
                file,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                jar,
                "--spring.config.additional-location=file:" + folder.resolve(settings));
    }

    /** Starts one; what it says goes to the file, or to us and its complaints to one file. "ip netns exec" becomes the program, so that the pid is its own. */
    Process start(String namespace, @Nullable String file, String... command) throws IOException {
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

    /** Has one of the namespaces lose packets, or end that. */
    void iptables(String namespace, String... rule) throws IOException, InterruptedException {
        run(List.of(
                join(new String[] {"ip", "netns", "exec", prefix + namespace, "iptables", "-w", "-t", "raw"}, rule)));
    }

    /** Changes interfaces and addresses of a namespace. */
    void ip(String namespace, String... change) throws IOException, InterruptedException {
        run(List.of(join(new String[] {"ip", "-n", prefix + namespace}, change)));
    }

    /** What a command says. */
    String read(String namespace, String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(join(new String[] {"ip", "netns", "exec", prefix + namespace}, command)).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("Failed: " + String.join(" ", command));
        }
        return said;
    }

    /** Ends one as its operator would, and kills it where it does not. */
    static void end(@Nullable Process process) throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits for it; what fails meanwhile may be well later. */
    static void await(String what, long seconds, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        String last = "";
        while (true) {
            try {
                if (condition.holds()) {
                    return;
                }
                last = "";
            } catch (IOException | IllegalStateException e) {
                last = ": " + e;
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("not so in " + seconds + " s: " + what + last);
            }
            Thread.sleep(100);
        }
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

    private static String[] javaCommand(String... arguments) {
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

    @Override
    public void close() {
        running.forEach(each -> {
            each.descendants().forEach(ProcessHandle::destroyForcibly);
            each.destroyForcibly();
        });
    }
}
