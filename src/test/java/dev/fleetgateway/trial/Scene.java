package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The three namespaces with what runs in them: machine and sampler, gateway, callers. The trial itself runs in the callers'.
 */
final class Scene implements AutoCloseable {

    private static final int CHROMEDRIVER = 9515;

    private final Stage stage;
    private final String viamServer;
    private final String jar;
    private final Rest rest = new Rest();
    private @Nullable Process gateway;
    private @Nullable Process chromedriver;
    private @Nullable Motors motors;

    Scene(String prefix, Path folder, String viamServer, String jar) {
        this.stage = new Stage(prefix, folder);
        this.viamServer = viamServer;
        this.jar = jar;
    }

    void open() throws IOException, InterruptedException {
        Path folder = stage.folder();
        stage.start("m", "viam-server.log", viamServer, "-disable-mdns", "-config", folder + "/machine.json");
        Process sampler = stage.urgentJava("m", "sampler.txt", Sampler.class.getName());
        Motors samples = new Motors(sampler, folder.resolve("sampler.txt"));
        motors = samples;
        if (samples.awaitFirst("m2", "off", System.nanoTime(), 30_000).isEmpty()) {
            throw new IllegalStateException("The machine's motors cannot be asked; see " + folder);
        }
        startGateway();
        chromedriver = stage.start("", "chromedriver.log", "chromedriver", "--port=" + CHROMEDRIVER);
    }

    Motors motors() {
        return Objects.requireNonNull(motors);
    }

    Rest rest() {
        return rest;
    }

    void startGateway() throws IOException, InterruptedException {
        gateway = stage.gateway("g", "gateway.log", jar, "gateway.yml");
        awaitReady();
    }

    Process gateway() {
        return Objects.requireNonNull(gateway);
    }

    /** Waits until the gateway reaches the machine and nobody holds it, and has the motors stand. */
    void settle() throws IOException, InterruptedException {
        mend();
        if (gateway().isAlive()) {
            Stage.signal("CONT", List.of(gateway().pid()));
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
        Process process = stage.java("", null, "-XX:TieredStopAtLevel=1", Driver.class.getName(), kind, motion.name());
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
        stage.iptables(other, "-I", "PREROUTING", "-i", "to-" + one, "-j", "DROP");
        stage.iptables(one, "-I", "PREROUTING", "-i", "to-" + other, "-j", "DROP");
        return at;
    }

    /** Ends every fault there may be. */
    void mend() throws IOException, InterruptedException {
        for (String namespace : List.of("c", "g", "m")) {
            stage.iptables(namespace, "-F", "PREROUTING");
        }
    }

    @Override
    public void close() {
        rest.close();
        stage.close();
    }
}
