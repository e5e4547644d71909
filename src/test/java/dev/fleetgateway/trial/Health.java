package dev.fleetgateway.trial;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Machines whose clouds are there, which must not be said to be paused, whatever else happens. */
final class Health {

    private static final String ACTIVE = "ACTIVE";
    private static final String PAUSED = "PAUSED";

    private final SyncScene scene;
    private final Verdicts verdicts;
    private final int minutes;

    /**
     * @param minutes for how long they must not
     */
    Health(SyncScene scene, Verdicts verdicts, int minutes) {
        this.scene = scene;
        this.verdicts = verdicts;
        this.minutes = minutes;
    }

    /** A cloud that answers after 8 s. */
    void slow() throws Exception {
        Rover rover = scene.slow;
        long started = rover.start();
        Word first = scene.words()
                .await(rover.name(), word -> word.is(ACTIVE), started, 90)
                .orElseThrow();
        rover.tell("delay 8000");
        stay("cloud answers after 8 s, %d min".formatted(minutes), rover, first.at());
    }

    /** A machine that asks its cloud once a minute. */
    void minute() throws Exception {
        Rover rover = scene.minute;
        long started = rover.start();
        Optional<Word> first = scene.words().await(rover.name(), word -> word.is(ACTIVE), started, 180);
        verdicts.add(
                "refresh interval 60 s, since the machine's start",
                first,
                started,
                "≤ %.0f s, not PAUSED before".formatted(82 + Outages.LATE),
                Verdicts.late(first, started, 0, 82 + Outages.LATE)
                        + Outages.any(scene.words(), rover, PAUSED, started, System.nanoTime()));
        stay(
                "refresh interval 60 s, %d min".formatted(minutes),
                rover,
                first.orElseThrow().at());
        long at = rover.tell("silent");
        Optional<Word> paused = scene.words().await(rover.name(), word -> word.is(PAUSED), at, 240);
        verdicts.add(
                "refresh interval 60 s, cloud silent",
                paused,
                at,
                "155 to 179 s after the machine's last sign",
                Verdicts.late(paused, rover.lastRead(at), 154, 155 + Outages.LATE));
    }

    private void stay(String what, Rover rover, long since) throws Exception {
        TimeUnit.MINUTES.sleep(minutes);
        long now = System.nanoTime();
        verdicts.add(
                what,
                scene.words().at(rover.name(), now),
                since,
                "ACTIVE all the time",
                Outages.other(scene.words(), rover, ACTIVE, since, now));
    }

    /** The gateways' own way to the internet is cut for four minutes; one machine is reached by no other. */
    void uplink() throws Exception {
        Words words = scene.words();
        Words other = scene.otherWords();
        scene.awaitRestart();
        long begun = System.nanoTime();
        for (Rover rover : List.of(scene.slow, scene.minute)) {
            var _ = words.await(rover.name(), word -> word.is(ACTIVE), begun, 240)
                    .orElseThrow();
            var _ = other.await(rover.name(), word -> word.is(ACTIVE), begun, 240)
                    .orElseThrow();
        }
        long cut = scene.uplinks().cut("g", "h");
        Optional<Word> seen = words.await(scene.slow.name(), Health::saysDown, cut, 90);
        verdicts.add(
                "uplink cut, reached over the LAN",
                seen,
                cut,
                "≤ 60 s, ACTIVE all the time",
                Verdicts.late(seen, cut, 0, 60)
                        + seen.filter(word -> !word.is(ACTIVE))
                                .map(word -> " it is not ACTIVE")
                                .orElse(""));
        Optional<Word> lost = other.await(
                scene.minute.name(),
                word -> word.is("UNKNOWN") && word.reason().contains("own way to the internet is down"),
                cut,
                120);
        verdicts.add(
                "uplink cut, reached over the internet only",
                lost,
                cut,
                "≤ 90 s, UNKNOWN and not PAUSED",
                Verdicts.late(lost, cut, 0, 90));
        TimeUnit.NANOSECONDS.sleep(TimeUnit.MINUTES.toNanos(4) - (System.nanoTime() - cut));
        long mended = scene.uplinks().mend("g", "h");
        Optional<Word> gone = words.await(scene.slow.name(), word -> !saysDown(word), mended, 90);
        verdicts.add(
                "uplink back, reached over the LAN",
                gone,
                mended,
                "≤ 30 s, ACTIVE all the time",
                Verdicts.late(gone, mended, 0, 30) + Outages.other(words, scene.slow, ACTIVE, cut, System.nanoTime()));
        Optional<Word> back = other.await(scene.minute.name(), word -> word.is(ACTIVE), mended, 300);
        verdicts.add(
                "uplink back, reached over the internet only, refresh interval 60 s",
                back,
                mended,
                "≤ 200 s, never PAUSED",
                Verdicts.late(back, mended, 0, 200) + Outages.any(other, scene.minute, PAUSED, cut, System.nanoTime()));
        scene.unneeded();
    }

    private static boolean saysDown(Word word) {
        return word.evidence().stream().anyMatch(seen -> seen.startsWith("UPLINK"));
    }
}
