package dev.fleetgateway.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A driver's process. */
final class Caller implements Driving {

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

    String hear(String beginning) throws IOException, InterruptedException {
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
