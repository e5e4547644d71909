package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Machines, each with a cloud of its own, and gateways that watch them: one that stays, one that is ended and writes its history down, and
 * one that asks the cloud of one machine, too.
 */
final class SyncScene implements AutoCloseable {

    private static final int PORT = 8090;
    private static final int OTHER_PORT = 8091;
    private static final int LAN = 10;
    private static final int OTHER_LAN = 30;
    private static final int ASKING_PORT = 8092;
    private static final int ASKING_LAN = 50;

    private static final String RESOURCES = """
            {"components": [
              {"name": "m1", "api": "rdk:component:motor", "model": "fake", "attributes": {"max_rpm": 100}},
              {"name": "s1", "api": "rdk:component:sensor", "model": "fake"}]%s}
            """;

    private final Stage stage;
    private final String jar;
    private final Words words;
    private final Words otherWords;
    private final Words askingWords;
    private final Uplinks uplinks;

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
    /** Whose cloud is asked, too. */
    final Rover viewed;
    /** Which had a cloud. */
    final Rover removed;
    /** Which never had one. */
    final Rover never;

    private final CountDownLatch restarted = new CountDownLatch(1);
    private final CountDownLatch unneeded = new CountDownLatch(1);
    private final List<Gap> gaps = new CopyOnWriteArrayList<>();
    private Process other;

    /**
     * A time without the other gateway.
     *
     * @param ended how a history says what ended by it
     */
    record Gap(Instant from, Instant until, String ended) {}

    SyncScene(String prefix, Path folder, String viamServer, String jar) throws IOException, InterruptedException {
        this.stage = new Stage(prefix, folder);
        this.jar = jar;
        this.uplinks = new Uplinks(stage);
        this.faults = new Rover(stage, viamServer, "faults", 1);
        this.bare = new Rover(stage, viamServer, "bare", 2);
        this.slow = new Rover(stage, viamServer, "slow", 3);
        this.minute = new Rover(stage, viamServer, "minute", 4);
        this.away = new Rover(stage, viamServer, "away", 5);
        this.offline = new Rover(stage, viamServer, "offline", 6);
        this.removed = new Rover(stage, viamServer, "removed", 7);
        this.never = new Rover(stage, viamServer, "never", 8);
        this.viewed = new Rover(stage, viamServer, "viewed", 9);
        stage.java("k", "names.log", NoNames.class.getName(), "198.18.0.2");
        for (Rover rover : clouded()) {
            rover.openCloud(rover == bare ? RESOURCES.formatted("") : capturing(rover), rover == minute ? 60 : 10);
        }
        Files.writeString(
                folder.resolve("gateway.yml"),
                settings(PORT, LAN, managed()) + never.openSettings(LAN).indent(4));
        // It has no LAN with one of them, and reaches it over the internet alone.
        Files.writeString(
                folder.resolve("other.yml"),
                settings(OTHER_PORT, OTHER_LAN, List.of(slow, minute, away, faults))
                        + "  history: {path: '%s'}\n".formatted(folder.resolve("history")));
        // Another machine, so that there are servers on two hosts to tell the own uplink by.
        Files.writeString(
                folder.resolve("asking.yml"),
                settings(ASKING_PORT, ASKING_LAN, List.of(viewed, minute)) + viewed.cloudSettings());
        stage.gateway("g", "gateway.log", jar, "gateway.yml");
        stage.gateway("v", "asking.log", jar, "asking.yml");
        this.other = startOther();
        this.words = new Words(PORT, folder.resolve("words.log"));
        this.otherWords = new Words(OTHER_PORT, folder.resolve("other-words.log"));
        this.askingWords = new Words(ASKING_PORT, folder.resolve("asking-words.log"));
        // What is counted from a machine's start must not be the gateway's own.
        for (Words each : List.of(words, otherWords, askingWords)) {
            Stage.await("the gateways answer", 120, each::any);
        }
    }

    private List<Rover> managed() {
        return List.of(faults, bare, slow, minute, away, offline, removed);
    }

    private List<Rover> clouded() {
        return Stream.concat(managed().stream(), Stream.of(viewed)).toList();
    }

    /** What a machine has that captures and uploads. */
    String capturing(Rover rover) {
        return capturing(rover, "");
    }

    /** The same, told more. */
    String capturing(Rover rover, String attributes) {
        return RESOURCES.formatted("""
                , "services": [{"name": "data_manager-1", "api": "rdk:service:data_manager", "model": "rdk:builtin:builtin",
                  "attributes": {"capture_dir": "%s", "sync_interval_mins": 0.1%s}}]""".formatted(stage.folder().resolve("capture-" + rover.name()), attributes));
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

    /** What the one says that asks the cloud, too. */
    Words askingWords() {
        return askingWords;
    }

    /** The history that the other one has of a machine. */
    Rest otherHistory(Rover rover) {
        return new Rest("http://127.0.0.1:%d/api/v1/machines/%s/history".formatted(OTHER_PORT, rover.name()));
    }

    Path folder() {
        return stage.folder();
    }

    /** Has the other gateway start anew, knowing nothing. */
    void restartOther() throws IOException, InterruptedException {
        Gap gap = new Gap(Instant.now(), Instant.MAX, "GATEWAY_STOPPED");
        Stage.end(other);
        startAgain(gap);
    }

    /** The same of one that is killed. */
    void killOther() throws IOException, InterruptedException {
        Gap gap = new Gap(Instant.now(), Instant.MAX, "GATEWAY_LOST");
        other.destroyForcibly().waitFor();
        startAgain(gap);
    }

    private void startAgain(Gap gap) throws IOException, InterruptedException {
        // What is asked now is not answered.
        Thread.sleep(1_500);
        otherWords.forget();
        gaps.add(new Gap(gap.from(), Instant.now(), gap.ended()));
        other = startOther();
    }

    /** When the other gateway was not there. */
    List<Gap> gaps() {
        return List.copyOf(gaps);
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

    /** Nobody looks at the other gateway any more. */
    void unneeded() {
        unneeded.countDown();
    }

    void awaitUnneeded() throws InterruptedException {
        if (!unneeded.await(20, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the other gateway is looked at all the time");
        }
    }

    Uplinks uplinks() {
        return uplinks;
    }

    @Override
    public void close() {
        words.close();
        otherWords.close();
        askingWords.close();
        clouded().forEach(Rover::close);
        stage.close();
    }
}
