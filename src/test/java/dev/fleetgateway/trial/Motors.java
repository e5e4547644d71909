package dev.fleetgateway.trial;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** What the sampler wrote of the motors. Its clock is that of every process of the host. */
final class Motors {

    private final Process sampler;
    private final Path file;
    private final Writer commands;
    private int marks;

    private record Line(long at, String motor, String what) {}

    Motors(Process sampler, Path file) {
        this.sampler = sampler;
        this.file = file;
        this.commands = sampler.outputWriter(StandardCharsets.UTF_8);
    }

    /** Whether it was known to be on then. */
    boolean on(String motor, long at) throws IOException {
        return lines(motor).stream()
                .filter(line -> line.at - at <= 0)
                .reduce((_, later) -> later)
                .map(line -> line.what.equals("on"))
                .orElse(false);
    }

    /** When it first went into that state after then, as far as it is known yet. */
    OptionalLong first(String motor, String state, long after) throws IOException {
        return lines(motor).stream()
                .filter(line -> line.at - after > 0 && line.what.equals(state))
                .mapToLong(Line::at)
                .findFirst();
    }

    /** The same, waited for. */
    OptionalLong awaitFirst(String motor, String state, long after, long millis)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        OptionalLong found = first(motor, state, after);
        while (found.isEmpty() && System.nanoTime() - end < 0) {
            Thread.sleep(10);
            found = first(motor, state, after);
        }
        return found;
    }

    /** Waits until it is known to be on. */
    void awaitOn(String motor) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (!on(motor, System.nanoTime())) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(motor + " was not set about");
            }
            Thread.sleep(10);
        }
    }

    /** How many calls of that method the machine says to be in flight. */
    int operations(String method) throws IOException, InterruptedException {
        long asked = System.nanoTime();
        say("operations " + method);
        for (int tries = 0; tries < 500; tries++) {
            List<Line> told = lines("operations").stream()
                    .filter(line -> line.at - asked > 0)
                    .toList();
            if (!told.isEmpty()) {
                return Integer.parseInt(told.getFirst().what);
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("The sampler does not answer; see " + file);
    }

    /** The longest time between two samples since then; less than 20 ms is 0. */
    long longestGapMillis(long since) throws IOException {
        return lines("gap").stream()
                .filter(line -> line.at - since > 0)
                .mapToLong(line -> Long.parseLong(line.what))
                .max()
                .orElse(0);
    }

    /** Waits for two samples more, so that silence means that nothing changed. */
    void mark() throws IOException, InterruptedException {
        say("mark");
        String mark = Integer.toString(++marks);
        for (int tries = 0; tries < 500; tries++) {
            if (lines("mark").stream().anyMatch(line -> line.what.equals(mark))) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IllegalStateException("The sampler does not answer; see " + file);
    }

    /** Stops both, past the gateway. */
    void stop() throws IOException {
        say("stop");
    }

    /** Sets m1 about past the gateway, without anybody's presence. */
    void power() throws IOException {
        say("power");
    }

    private void say(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
    }

    private List<Line> lines(String about) throws IOException {
        if (!sampler.isAlive()) {
            throw new IllegalStateException("The sampler has ended; see " + file);
        }
        String text = Files.readString(file);
        // The last line may not be whole yet, and a library may have said something.
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.matches("\\d+ \\d+ \\w+ \\w+"))
                .map(line -> line.split(" ", -1))
                .filter(words -> words[2].equals(about))
                .map(words -> new Line(Long.parseLong(words[0]), words[2], words[3]))
                .toList();
    }
}
