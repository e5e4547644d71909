package dev.fleetgateway.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the bench. It ends with its block, and with the driver at the latest. */
final class Child implements AutoCloseable {

    private static final Pattern TOTAL = Pattern.compile("^Total +\\d+ +(\\d+)", Pattern.MULTILINE);
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d+) kB", Pattern.MULTILINE);
    private static final Pattern THREADS = Pattern.compile("^Threads:\\s+(\\d+)", Pattern.MULTILINE);
    private static final Set<Child> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(each -> each.process.destroyForcibly())));
    }

    private final Process process;
    private final Path log;
    private boolean paused;

    private Child(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** A JVM with these arguments; what it says goes to the log. */
    static Child java(Path log, List<String> arguments) throws IOException {
        Files.createDirectories(log.getParent());
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        // Names the gateway in headers; fixed, so that answers are equally long everywhere.
        builder.environment().put("HOSTNAME", "gateway-0");
        Child child = new Child(
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        RUNNING.add(child);
        return child;
    }

    /** Waits until it is so. */
    void await(String what, long seconds, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException("Not " + what + " within " + seconds + " s; see " + log);
            }
            Thread.sleep(50);
        }
    }

    /** Something a process is waited for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Waits until it has said something. */
    void awaitWords(String words, long seconds) throws IOException, InterruptedException {
        await("'" + words + "'", seconds, () -> Files.readString(log).contains(words));
    }

    /** Says a line to it, and waits for its answer, which is anything in its log that ends with these words. */
    void say(String line, String answer, long seconds) throws IOException, InterruptedException {
        OutputStream to = process.getOutputStream();
        to.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        to.flush();
        awaitWords(answer, seconds);
    }

    /** CPU it has used so far, in seconds. */
    double cpu() {
        return cpu(process.toHandle());
    }

    static double cpu(ProcessHandle handle) {
        return handle.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
    }

    /** Bytes of live objects, after a full collection. */
    long liveHeap() throws IOException, InterruptedException {
        return number(jcmd("GC.class_histogram"), TOTAL);
    }

    /** Bytes of memory it really holds. */
    long resident() throws IOException {
        return number(status(), RESIDENT) * 1024;
    }

    /** Threads of the operating system. */
    long threads() throws IOException {
        return number(status(), THREADS);
    }

    private String status() throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/status"));
    }

    private static long number(String text, Pattern pattern) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("There is no " + pattern + " in: " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process asked = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(process.pid()),
                        command)
                .redirectErrorStream(true)
                .start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        asked.waitFor(30, TimeUnit.SECONDS);
        return said;
    }

    /** Makes it stand still, as a machine that hangs: its connections stay and say nothing. */
    void pause() throws IOException, InterruptedException {
        paused = true;
        signal("-STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("-CONT");
        paused = false;
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor(5, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        RUNNING.remove(this);
        if (paused) {
            process.destroyForcibly();
        }
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted while a process ended", e));
        }
    }
}
