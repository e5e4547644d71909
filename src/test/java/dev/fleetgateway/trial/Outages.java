package dev.fleetgateway.trial;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Clouds that go away, and come back. */
final class Outages {

    /** By how much a gateway may see late what a machine says: it asks every 11 s at the latest, once for the last sign and once for the silence. */
    static final double LATE = 24;

    /** How long a machine is in contact before it is said to be: its second sign after a start, or after an outage. */
    static final double SECOND_SIGN = 12 + LATE;

    /** What machines took to come back after short outages. */
    private static final double BACK = 25;

    /** The same after long ones. */
    private static final double LONG_BACK = 150;

    private static final String ACTIVE = "ACTIVE";
    private static final String PAUSED = "PAUSED";

    private final SyncScene scene;
    private final Verdicts verdicts;

    Outages(SyncScene scene, Verdicts verdicts) {
        this.scene = scene;
        this.verdicts = verdicts;
    }

    /** Every way of being away, beside a machine that has nothing to upload. */
    void faults() throws Exception {
        Rover rover = scene.faults;
        Words words = scene.words();
        long started = rover.start();
        scene.bare.start();
        verdicts.within(
                "cloud reachable, since the machine's start",
                words.await(rover.name(), word -> word.is(ACTIVE), started, 90),
                started,
                10 + SECOND_SIGN);
        Optional<Word> nothing = words.await(scene.bare.name(), word -> word.is("NOT_APPLICABLE"), started, 90);
        verdicts.within("cloud reachable, no data manager, since the machine's start", nothing, started, 30);
        // What happens to it from now on is held against the other gateway's history, which may have heard a sign
        // less.
        var _ = scene.otherWords()
                .await(rover.name(), word -> word.is(ACTIVE), started, 90)
                .orElseThrow();
        Deeds deeds = new Deeds(scene, rover);
        // The other gateway is restarted meanwhile.
        fault(deeds, "silent", () -> {
            scene.awaitRestart();
            var _ = scene.otherWords().await(rover.name(), word -> word.is(PAUSED), System.nanoTime(), 60);
        });
        for (String fault : List.of("hang", "refuse", "errors")) {
            fault(deeds, fault, () -> {});
        }
        verdicts.add(
                "cloud silent, hanging, refusing, erring and back, no data manager",
                words.at(scene.bare.name(), System.nanoTime()),
                started,
                "never anything else",
                other(words, scene.bare, "NOT_APPLICABLE", nothing.orElseThrow().at(), System.nanoTime()));
        history(deeds);
    }

    /** What the other gateway, which was ended twice, wrote down of it. */
    private void history(Deeds deeds) throws Exception {
        Rover rover = scene.faults;
        scene.awaitUnneeded();
        scene.killOther();
        long at = System.nanoTime();
        Optional<Word> last = scene.otherWords().await(rover.name(), word -> word.is(ACTIVE), at, 120);
        verdicts.add(
                "history over all of it, by a gateway that was stopped and killed meanwhile",
                last,
                at,
                "each stretch once, from its first to its last sign; see history.md",
                new Past(scene, deeds).complaint());
    }

    /** What is waited for. */
    private interface Meanwhile {
        void pass() throws Exception;
    }

    private void fault(Deeds deeds, String fault, Meanwhile meanwhile) throws Exception {
        Rover rover = scene.faults;
        Words words = scene.words();
        long at = deeds.began(fault, rover.tell(fault));
        scene.bare.tell(fault);
        Optional<Word> paused = words.await(rover.name(), word -> word.is(PAUSED), at, 120);
        long last = rover.lastRead(at);
        verdicts.add(
                "cloud " + fault,
                paused,
                at,
                "60 to 84 s after the machine's last sign",
                Verdicts.late(paused, last, 60, 60 + LATE) + pausedWords(paused, "MEDIUM", last));
        Thread.sleep(10_000);
        meanwhile.pass();
        long mended = deeds.ended(rover.tell("mend"));
        scene.bare.tell("mend");
        double most = (mended - at > TimeUnit.MINUTES.toNanos(2) ? LONG_BACK : BACK) + SECOND_SIGN;
        Optional<Word> back = words.await(rover.name(), word -> word.is(ACTIVE), mended, 300);
        verdicts.add(
                "back after " + fault,
                back,
                mended,
                "≤ %.0f s".formatted(most),
                Verdicts.late(back, mended, 0, most) + lags(back));
        Optional<Word> later = words.await(rover.name(), word -> word.is(ACTIVE) && !lagging(word), mended, 300);
        if (later.isPresent()) {
            double seconds = Duration.between(
                                    later.get().since(), Rover.clock(later.get().at()))
                            .toMillis()
                    / 1e3;
            verdicts.add(
                    "some while after " + fault,
                    later,
                    mended,
                    "70 to 83 s after contact began",
                    seconds < 70 || seconds > 83 ? "it was %.1f s".formatted(seconds) : "");
        }
    }

    /** A machine that starts without its cloud: unknown to the gateway, in contact until then, and back. */
    void offline() throws Exception {
        Rover rover = scene.offline;
        Words words = scene.words();
        rover.unplug();
        rover.tell("signaling-down");
        long first = rover.start();
        Stage.await(
                "the machine keeps its configuration", 60, () -> rover.reads().size() > 3);
        rover.end();
        rover.tell("refuse");
        rover.plug();
        long started = rover.start();
        Optional<Word> learning =
                words.await(rover.name(), word -> word.reason().contains("its heartbeat has not moved"), first, 90);
        verdicts.add("booted offline, never seen before: at first", learning, started, "UNKNOWN", "");
        // Of what was before it, the gateway knows nothing.
        long heard = learning.orElseThrow().at();
        Optional<Word> paused = words.await(rover.name(), word -> word.is(PAUSED), started, 150);
        verdicts.add(
                "booted offline, never seen before",
                paused,
                started,
                "60 s after the gateway first heard it, ≤ 13 s late",
                Verdicts.late(paused, heard, 58, 73) + pausedWords(paused, "LOW", heard));
        Thread.sleep(5_000);
        long mended = rover.tell("mend");
        Optional<Word> back = words.await(rover.name(), word -> word.is(ACTIVE), mended, 180);
        verdicts.add(
                "booted offline, the cloud is there",
                back,
                mended,
                "≤ %.0f s".formatted(BACK + SECOND_SIGN),
                Verdicts.late(back, mended, 0, BACK + SECOND_SIGN) + lags(back));
        Thread.sleep(20_000);
        rover.end();
        long again = rover.start();
        Thread.sleep(100_000);
        verdicts.add(
                "restarted while in contact, 100 s",
                words.at(rover.name(), System.nanoTime()),
                again,
                "never PAUSED",
                any(words, rover, PAUSED, again, System.nanoTime()));
        rover.end();
        rover.tell("silent");
        long restarted = rover.start();
        Optional<Word> second = words.await(rover.name(), word -> word.is(PAUSED), restarted, 180);
        verdicts.add(
                "in contact until it was restarted offline",
                second,
                restarted,
                "60 to 100 s after its start",
                Verdicts.late(second, restarted, 60, 100));
        rover.tell("mend");
    }

    /** Away for seven minutes, in which another gateway comes to know the machine. */
    void away() throws Exception {
        Rover rover = scene.away;
        Words words = scene.words();
        long started = rover.start();
        var _ = words.await(rover.name(), word -> word.is(ACTIVE), started, 90).orElseThrow();
        Thread.sleep(60_000);
        try (Minutes minutes = new Minutes(scene, rover)) {
            long at = minutes.refuse();
            Optional<Word> paused = words.await(rover.name(), word -> word.is(PAUSED), at, 120);
            long last = rover.lastRead(at);
            verdicts.add(
                    "cloud refusing for 7 min",
                    paused,
                    at,
                    "60 to 84 s after the machine's last sign",
                    Verdicts.late(paused, last, 60, 60 + LATE) + pausedWords(paused, "MEDIUM", last));
            restart(rover);
            Thread.sleep(
                    Math.max(0, TimeUnit.MINUTES.toMillis(7) - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - at)));
            long mended = minutes.mend();
            Optional<Word> back = words.await(rover.name(), word -> word.is(ACTIVE), mended, 300);
            verdicts.add(
                    "back after 7 min",
                    back,
                    mended,
                    "≤ %.0f s".formatted(LONG_BACK + SECOND_SIGN),
                    Verdicts.late(back, mended, 0, LONG_BACK + SECOND_SIGN) + lags(back));
            Thread.sleep(90_000);
            verdicts.add(
                    "the minutes from 7 min of refusing to 90 s after",
                    words.at(rover.name(), System.nanoTime()),
                    mended,
                    "true, or told of within the bounds",
                    minutes.complaint());
        }
    }

    private void restart(Rover rover) throws Exception {
        Words other = scene.otherWords();
        scene.restartOther();
        Stage.await(
                "the gateway answers",
                90,
                () -> other.at(rover.name(), System.nanoTime()).isPresent());
        long at = System.nanoTime();
        for (Rover healthy : List.of(scene.slow, scene.minute)) {
            double most = healthy == scene.minute ? 120 + LATE + 10 : 36 + LATE + 10;
            Optional<Word> active = other.await(healthy.name(), word -> word.is(ACTIVE), at, 200);
            verdicts.add(
                    "gateway restarted, machine " + healthy.name(),
                    active,
                    at,
                    "≤ %.0f s, not PAUSED before".formatted(most),
                    Verdicts.late(active, at, 0, most) + any(other, healthy, PAUSED, at, System.nanoTime()));
        }
        Optional<Word> paused = other.await(rover.name(), word -> word.is(PAUSED), at, 240);
        verdicts.add(
                "gateway restarted in the outage",
                paused,
                at,
                "155 to 189 s, LOW",
                Verdicts.late(paused, at, 150, 155 + LATE + 10)
                        + (paused.isEmpty() || paused.get().confidence().equals("LOW") ? "" : " not LOW"));
        scene.restarted();
    }

    /** What is to be said of what was said in a while in which only one thing was right. */
    static String other(Words words, Rover rover, String right, long from, long to) {
        List<String> wrong = words.between(rover.name(), from, to).stream()
                .filter(word -> !word.is(right))
                .map(word ->
                        "%s after %s: %s".formatted(word.state(), Verdicts.seconds(word.at() - from), word.reason()))
                .toList();
        return String.join("; ", wrong);
    }

    /** What is to be said of what was said in a while in which one thing was wrong. */
    static String any(Words words, Rover rover, String wrong, long from, long to) {
        return words.between(rover.name(), from, to).stream()
                .filter(word -> word.is(wrong))
                .findFirst()
                .map(word ->
                        "%s after %s: %s".formatted(word.state(), Verdicts.seconds(word.at() - from), word.reason()))
                .orElse("");
    }

    static String pausedWords(Optional<Word> paused, String confidence, long last) {
        if (paused.isEmpty()) {
            return "";
        }
        Word word = paused.get();
        String complaint = word.confidence().equals(confidence) ? "" : " its confidence is not " + confidence;
        if (!word.reason().contains("up to 2.5 min")) {
            complaint += " it does not say that it may take a while";
        }
        double off = Math.abs(Duration.between(Rover.clock(last), word.since()).toMillis() / 1e3);
        return off > 13 ? complaint + " its since is %.1f s from the truth".formatted(off) : complaint;
    }

    static String lags(Optional<Word> back) {
        return back.isEmpty() || lagging(back.get()) ? "" : " it does not say that uploads may lag";
    }

    private static boolean lagging(Word word) {
        return word.reason().contains("uploads may lag");
    }
}
