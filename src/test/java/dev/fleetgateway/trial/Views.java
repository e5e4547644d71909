package dev.fleetgateway.trial;

import java.util.Optional;
import java.util.function.Predicate;

/** A machine of which the gateway asks the cloud, too: where the two agree, where they do not, and where the cloud cannot be asked. */
final class Views {

    private static final String ACTIVE = "ACTIVE";
    private static final String PAUSED = "PAUSED";
    private static final String HIGH = "HIGH";
    private static final String MEDIUM = "MEDIUM";

    /** The cloud is asked every half minute. */
    private static final double ASKED = 30 + 5;

    /** What it is told to be, every minute. */
    private static final double READ = 60 + ASKED;

    /** The cloud calls a machine offline that has not asked for half a minute. */
    private static final double MISSED = 30 + ASKED;

    /** How long the gateway takes to be sure of its own uplink. */
    private static final double UPLINK = 60;

    /** What a machine takes to notice that its internet is back. */
    private static final double BACK = 150;

    /** After it the cloud's word that a machine is online counts against the machine's own. */
    private static final double DISAGREED = 300;

    private final SyncScene scene;
    private final Verdicts verdicts;
    private final Rover rover;
    private final Words words;

    Views(SyncScene scene, Verdicts verdicts) {
        this.scene = scene;
        this.verdicts = verdicts;
        this.rover = scene.viewed;
        this.words = scene.askingWords();
    }

    void views() throws Exception {
        agreed();
        disabled();
        contradicted();
        unreached();
        lost();
        maintained();
    }

    /** Waits for a word, and says so within a bound. */
    private Word row(String what, Predicate<Word> wanted, long at, double most) throws Exception {
        return row(what, wanted, at, at, 0, most, "");
    }

    private Word row(
            String what, Predicate<Word> wanted, long at, long since, double least, double most, String complaint)
            throws Exception {
        Optional<Word> word = words.await(rover.name(), wanted, at, (long) most + 60);
        String bound = least == 0 ? "≤ %.0f s".formatted(most) : "%.0f to %.0f s".formatted(least, most);
        verdicts.add(
                "cloud asked, too: " + what,
                word,
                at,
                since == at ? bound : bound + " after the machine's last sign",
                Verdicts.late(word, since, least, most) + complaint);
        return word.orElseThrow();
    }

    private static Predicate<Word> is(String state, String confidence) {
        return word -> word.is(state) && word.confidence().equals(confidence);
    }

    private static boolean saysDown(Word word) {
        return word.evidence().stream().anyMatch(seen -> seen.startsWith("UPLINK"));
    }

    private long cut() throws Exception {
        return scene.uplinks().cut("v");
    }

    private long mend() throws Exception {
        return scene.uplinks().mend("v");
    }

    private void agreed() throws Exception {
        row("both say online, sync is on there", is(ACTIVE, HIGH), rover.start(), 60);
    }

    private void disabled() throws Exception {
        long off = rover.configure(scene.capturing(rover, ", \"sync_disabled\": true"));
        row("sync switched off there", word -> word.is("DISABLED"), off, READ);
        long on = rover.configure(scene.capturing(rover));
        row("sync switched on there", is(ACTIVE, HIGH), on, READ);
    }

    private void contradicted() throws Exception {
        long offline = rover.tell("say offline");
        Word low = row("it says offline, the machine's heartbeat goes on", is(ACTIVE, "LOW"), offline, ASKED);
        Thread.sleep(60_000);
        long truth = rover.tell("say truth");
        verdicts.add(
                "cloud asked, too: it has said offline for a minute",
                words.at(rover.name(), truth),
                offline,
                "ACTIVE LOW all the time",
                Outages.other(words, rover, ACTIVE, low.at(), truth));
        row("it says online again", is(ACTIVE, HIGH), truth, ASKED);
    }

    /** First the cloud is out of reach, then the machine, then the machine alone. */
    private void unreached() throws Exception {
        long cut = cut();
        row("own uplink cut", word -> is(ACTIVE, MEDIUM).test(word) && saysDown(word), cut, UPLINK);
        rover.tell("signaling-down");
        long unplugged = System.nanoTime();
        rover.unplug("v");
        Word unknown = row("own uplink cut, the LAN as well", word -> word.is("UNKNOWN"), unplugged, 45);
        Thread.sleep(30_000);
        long mended = mend();
        verdicts.add(
                "cloud asked, too: own uplink and LAN cut, half a minute later",
                words.at(rover.name(), mended),
                unplugged,
                "never anything but UNKNOWN",
                Outages.other(words, rover, "UNKNOWN", unknown.at(), mended));
        row(
                "own uplink back, the machine not reached",
                word -> is(ACTIVE, "LOW").test(word) && word.reason().contains("is not reached"),
                mended,
                ASKED + UPLINK / 2);
        long back = rover.tell("mend");
        rover.plug("v");
        row("the LAN back", is(ACTIVE, HIGH), back, 36 + Outages.SECOND_SIGN);
        // Until its heartbeat is known again.
        Thread.sleep(30_000);
    }

    /** The machine loses the internet, and the cloud says so. */
    private void lost() throws Exception {
        long at = scene.uplinks().cut(rover.namespace());
        long last = rover.lastRead(at);
        row("the machine's internet cut", is(PAUSED, HIGH), at, last, 60, Math.max(60 + Outages.LATE, MISSED) + 5, "");
        long cut = cut();
        row("and the own uplink", word -> is(PAUSED, MEDIUM).test(word) && saysDown(word), cut, UPLINK);
        long mended = mend();
        row("and the own uplink back", is(PAUSED, HIGH), mended, ASKED + UPLINK / 2);
        long back = scene.uplinks().mend(rover.namespace());
        Word active = row("the machine's internet back", word -> word.is(ACTIVE), back, BACK + Outages.SECOND_SIGN);
        row("and the cloud says so", is(ACTIVE, HIGH), back, BACK + Outages.SECOND_SIGN + ASKED);
        if (!Outages.lags(Optional.of(active)).isEmpty()) {
            verdicts.add("words of the return", Optional.of(active), back, "uploads may lag", "they do not say so");
        }
    }

    /** A maintenance sensor that says no keeps a machine from taking its configuration, which it goes on reading. */
    private void maintained() throws Exception {
        String resources = scene.capturing(rover).strip();
        long at = rover.configure(resources.substring(0, resources.length() - 1) + """
                , "maintenance": {"sensor_name": {"namespace": "rdk", "type": "component", "subtype": "sensor", "name": "s1"},
                  "maintenance_allowed_key": "a"}}""");
        long last = rover.lastRead(at);
        Word paused = row(
                "its heartbeat stands, the cloud says online",
                word -> word.is(PAUSED),
                at,
                last,
                60,
                60 + Outages.LATE,
                "");
        row(
                "the same for 5 min",
                word -> word.is("UNKNOWN") && word.reason().contains("maintenance"),
                at,
                last,
                DISAGREED,
                DISAGREED + Outages.LATE,
                high(paused));
        long cut = cut();
        row("and the own uplink cut", word -> is(PAUSED, MEDIUM).test(word) && saysDown(word), cut, UPLINK);
        mend();
        long over = rover.configure(scene.capturing(rover));
        row("the heartbeat goes on again", is(ACTIVE, HIGH), over, 12 + Outages.SECOND_SIGN + ASKED);
    }

    /** Two that do not agree make no certainty. */
    private String high(Word paused) {
        return words.between(rover.name(), paused.at(), System.nanoTime()).stream()
                        .anyMatch(word -> word.confidence().equals(HIGH))
                ? " it was HIGH"
                : "";
    }
}
