package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Machines, each with a cloud of its own, and two gateways that watch them, one of which stays and one of which does not. */
final class SyncScene implements AutoCloseable {

    private static final int PORT = 8090;
    private static final int OTHER_PORT = 8091;
    private static final int LAN = 10;
    private static final int OTHER_LAN = 30;

    private static final String RESOURCES = """
            {"components": [
              {"name": "m1", "api": "rdk:component:motor", "model": "fake", "attributes": {"max_rpm": 100}}]%s}
            """;

    private final Stage stage;
    private final String jar;
    private final Words words;
    private final Words otherWords;

    /** Whose cloud breaks in all ways. */
    final Rover faults;
    /** The same without a data manager. */
    final Rover bare;
    /** Whose cloud answers late. */
    final Rover slow;
    /** Which asks its cloud every minute. */
    final Rover minute;
    /** Whose cloud is away for long. */
    final Rover away;
    /** Which starts without its cloud. */
    final Rover offline;
    /** Which had a cloud. */
    final Rover removed;
    /** Which never had one. */
    final Rover never;

    private final CountDownLatch restarted = new CountDownLatch(1);
    private Process other;

    SyncScene(String prefix, Path folder, String viamServer, String jar) throws IOException, InterruptedException {
        this.stage = new Stage(prefix, folder);
        this.jar = jar;
        this.faults = new Rover(stage, viamServer, "faults", 1);
        this.bare = new Rover(stage, viamServer, "bare", 2);
        this.slow = new Rover(stage, viamServer, "slow", 3);
        this.minute = new Rover(stage, viamServer, "minute", 4);
        this.away = new Rover(stage, viamServer, "away", 5);
        this.offline = new Rover(stage, viamServer, "offline", 6);
        this.removed = new Rover(stage, viamServer, "removed", 7);
        this.never = new Rover(stage, viamServer, "never", 8);
        stage.java("k", "names.log", NoNames.class.getName(), "198.18.0.2");
        for (Rover rover : managed()) {
            rover.openCloud(rover == bare ? RESOURCES.formatted("") : capturing(rover), rover == minute ? 60 : 10);
        }
        Files.writeString(
                folder.resolve("gateway.yml"),
                settings(PORT, LAN, managed()) + never.openSettings(LAN).indent(4));
        // It has no LAN with one of them, and reaches it over the internet alone.
        Files.writeString(folder.resolve("other.yml"), settings(OTHER_PORT, OTHER_LAN, List.of(slow, minute, away)));
        stage.gateway("g", "gateway.log", jar, "gateway.yml");
        this.other = startOther();
        this.words = new Words(PORT, folder.resolve("words.log"));
        this.otherWords = new Words(OTHER_PORT, folder.resolve("other-words.log"));
    }

    private List<Rover> managed() {
        return List.of(faults, bare, slow, minute, away, offline, removed);
    }

    /** What a machine has that captures and uploads. */
    String capturing(Rover rover) {
        return RESOURCES.formatted("""
                , "services": [{"name": "data_manager-1", "api": "rdk:service:data_manager", "model": "rdk:builtin:builtin",
                  "attributes": {"capture_dir": "%s", "sync_interval_mins": 0.1}}]""".formatted(stage.folder().resolve("capture-" + rover.name())));
    }

    private static String settings(int port, int lan, List<Rover> rovers) {
        StringBuilder all = new StringBuilder("server.port: " + port + "\nlogging.level.dev.fleetgateway: DEBUG\n");
        rovers.forEach(rover -> all.append(rover.bundle()));
        all.append("gateway:\n  discovery: {mdns: false, known-file: ''}\n  machines:\n");
        rovers.forEach(rover -> all.append(rover.settings(lan).indent(4)));
        return all.toString();
    }

    private Process startOther() throws IOException {
        return stage.gateway("h", "other.log", jar, "other.yml");
    }

    /** What the gateway says that stays. */
    Words words() {
        return words;
    }

    /** What the other one says. */
    Words otherWords() {
        return otherWords;
    }

    Path folder() {
        return stage.folder();
    }

    /** Has the other gateway start anew, knowing nothing. */
    long restartOther() throws IOException, InterruptedException {
        Stage.end(other);
        // What is asked now is not answered.
        Thread.sleep(1_500);
        otherWords.forget();
        long at = System.nanoTime();
        other = startOther();
        return at;
    }

    /** What the restart was for is over. */
    void restarted() {
        restarted.countDown();
    }

    void awaitRestart() throws InterruptedException {
        if (!restarted.await(20, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the other gateway was never restarted");
        }
    }

    /** Every packet between the gateways and the internet is lost. */
    long cutUplink() throws IOException, InterruptedException {
        long at = System.nanoTime();
        for (String gateway : List.of("g", "h")) {
            stage.iptables(gateway, "-I", "PREROUTING", "-i", "to-r", "-j", "DROP");
            stage.iptables("r", "-I", "PREROUTING", "-i", "to-" + gateway, "-j", "DROP");
        }
        return at;
    }

    long mendUplink() throws IOException, InterruptedException {
        long at = System.nanoTime();
        for (String namespace : List.of("g", "h", "r")) {
            stage.iptables(namespace, "-F");
        }
        return at;
    }

    @Override
    public void close() {
        words.close();
        otherWords.close();
        managed().forEach(Rover::close);
        stage.close();
    }
}
