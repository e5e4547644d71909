package dev.fleetgateway.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Takes drivers away in every way they go and measures how long the motor goes on. Started by {@code src/test/sh/presence-trial}
 * with: namespaces' prefix, folder, viam-server, gateway's jar, and the options {@code --quick} and {@code --only=<regex>}.
 */
final class PresenceTrial {

    private static final long SLACK = 100;
    /** What the machine itself takes to end what nobody is present for; more than this is never right while somebody can tell. */
    private static final long TOLD = 2_000 + SLACK;
    /** For an event that nobody can tell from a driver who is about to beat. */
    private static final long UNTOLD = Rest.WINDOW_MILLIS + TOLD;

    private static final long HOLD = 5_000 + TOLD;
    private static final long UNLEASED = 10_000 + TOLD;
    private static final long WATCH_MILLIS = 3_000;
    private static final List<Motion> BOTH = List.of(Motion.values());
    private static final int KILLS = 20;
    private static final int OTHERS = 5;

    private final Scene scene;
    private final Rounds rounds;
    private final boolean quick;
    private long longestGap;

    /** Has a driver drive. */
    private interface Opening<C extends Driving> {
        C open(Motion motion) throws Exception;
    }

    /** Does it, and says when it began. */
    private interface Event<C> {
        long happen(C caller) throws Exception;
    }

    /** What comes after the motor stands, and must not set it about again. */
    private interface Aftermath {
        void come(long eventAt) throws Exception;
    }

    private PresenceTrial(Scene scene, Rounds rounds, boolean quick) {
        this.scene = scene;
        this.rounds = rounds;
        this.quick = quick;
    }

    public static void main(String[] args) throws Exception {
        boolean quick = false;
        String only = "";
        for (String option : List.of(args).subList(4, args.length)) {
            if (option.equals("--quick")) {
                quick = true;
            } else if (option.startsWith("--only=")) {
                only = option.substring("--only=".length());
            } else {
                System.err.println(
                        "presence-trial: unknown option " + option + "; there are --quick and --only=<regex>");
                System.exit(2);
            }
        }
        Path folder = Path.of(args[1]);
        Table table = new Table(folder.resolve("table.md"));
        try (Scene scene = new Scene(args[0], folder, args[2], args[3])) {
            scene.open();
            PresenceTrial trial =
                    new PresenceTrial(scene, new Rounds(table, Pattern.compile(only), scene::settle, _ -> 0), quick);
            try {
                trial.control();
                trial.callers();
                trial.browsers();
                trial.gateways();
                trial.others();
            } finally {
                System.out.println("\n" + table + "\n\nThe sampler never looked away for longer than "
                        + Math.max(20, trial.longestGap) + " ms while it mattered.");
            }
        }
        System.exit(table.broken() ? 1 : 0);
    }

    // A trial that cannot fail shows nothing: a motor nobody stops must be seen to go on.
    private void control() throws Exception {
        Motors motors = scene.motors();
        long at = System.nanoTime();
        motors.power();
        OptionalLong on = motors.awaitFirst("m1", "on", at, 2_000);
        Thread.sleep(UNTOLD);
        boolean ended =
                on.isEmpty() || motors.first("m1", "off", on.getAsLong()).isPresent();
        motors.stop();
        if (ended || motors.awaitFirst("m1", "off", at, 2_000).isEmpty()) {
            throw new IllegalStateException("The sampler does not see a motor that is driven past the gateway go on");
        }
        System.out.println("control: a motor nobody is present for and nobody stops goes on, and is seen to");
    }

    private void callers() throws Exception {
        row("caller killed -9, lease by REST", BOTH, KILLS, TOLD, driver("rest"), Caller::kill, _ -> {});
        row("caller killed -9, lease by WebSocket", BOTH, KILLS, TOLD, driver("socket"), Caller::kill, _ -> {});
        row(
                "caller killed -9, no lease, `?hold=5s`",
                List.of(Motion.SET_POWER),
                KILLS,
                HOLD,
                driver("bare"),
                Caller::kill,
                _ -> {});
        row(
                "caller killed -9, no lease, open request",
                List.of(Motion.GO_FOR),
                KILLS,
                UNLEASED,
                driver("bare"),
                Caller::kill,
                _ -> {});
        row(
                "caller's link lost silently",
                BOTH,
                OTHERS,
                UNTOLD,
                driver("socket"),
                _ -> scene.cut("c", "g"),
                _ -> scene.mend());
        row(
                "holder silent, socket open",
                BOTH,
                OTHERS,
                UNTOLD,
                driver("socket"),
                caller -> caller.tell("silent"),
                _ -> {});
        row("released", BOTH, OTHERS, TOLD, driver("rest"), caller -> caller.tell("release"), _ -> {});
        List<String> taken = new ArrayList<>();
        row(
                "taken over by another",
                BOTH,
                OTHERS,
                TOLD,
                driver("socket"),
                _ -> {
                    long at = System.nanoTime();
                    taken.add(scene.rest()
                            .ask("POST", "/lease/take", null, "{\"reason\":\"presence trial\"}")
                            .ok()
                            .path("id")
                            .asString());
                    return at;
                },
                _ -> scene.rest().ask("DELETE", "/lease", taken.removeLast(), null));
        row("suspended by another's STOP", BOTH, OTHERS, TOLD, driver("socket"), _ -> stop(), _ -> {});
    }

    private long stop() throws IOException, InterruptedException {
        long at = System.nanoTime();
        scene.rest().ask("POST", "/stop", null, null).ok();
        return at;
    }

    private void browsers() throws Exception {
        row("browser killed -9", BOTH, KILLS, TOLD, scene::browser, Browser::crash, _ -> {});
        row("page's tab closed", BOTH, OTHERS, TOLD, scene::browser, Browser::closeTab, _ -> {});
        List<Browser> frozen = new ArrayList<>();
        row(
                "page frozen, then thawed",
                BOTH,
                OTHERS,
                UNTOLD,
                scene::browser,
                browser -> {
                    frozen.add(browser);
                    return browser.signalPages("STOP");
                },
                _ -> frozen.removeLast().signalPages("CONT"));
    }

    private void gateways() throws Exception {
        row(
                "gateway killed -9, then started",
                BOTH,
                KILLS,
                TOLD,
                driver("socket"),
                _ -> {
                    long at = System.nanoTime();
                    scene.gateway().destroyForcibly().waitFor();
                    return at;
                },
                _ -> scene.startGateway());
        row(
                "gateway ended by SIGTERM, then started",
                BOTH,
                OTHERS,
                TOLD,
                driver("socket"),
                _ -> {
                    long at = System.nanoTime();
                    scene.gateway().destroy();
                    return at;
                },
                _ -> {
                    if (!scene.gateway().waitFor(45, TimeUnit.SECONDS)) {
                        scene.gateway().destroyForcibly().waitFor();
                        throw new IllegalStateException("the gateway did not end in 45 s");
                    }
                    scene.startGateway();
                });
        row(
                "gateway SIGSTOP, 5 s later SIGCONT",
                BOTH,
                OTHERS,
                TOLD,
                driver("socket"),
                _ -> Stage.signal("STOP", List.of(scene.gateway().pid())),
                at -> {
                    TimeUnit.NANOSECONDS.sleep(at + TimeUnit.SECONDS.toNanos(5) - System.nanoTime());
                    Stage.signal("CONT", List.of(scene.gateway().pid()));
                });
        row(
                "gateway's link to the machine lost",
                BOTH,
                OTHERS,
                TOLD,
                driver("socket"),
                _ -> scene.cut("g", "m"),
                _ -> scene.mend());
    }

    private void others() throws Exception {
        check("STOP under 20 SetPower a second, until resumed", "SetPower, full", OTHERS, true, TOLD, this::stopHolds);
        check("lease released, next lease drives base1", "both wheels on for", OTHERS, false, 2_900, this::nextLease);
        check("`?hold=3s` on m1, at once on base1", "both wheels on for", OTHERS, false, 2_900, this::nextHold);
    }

    private Table.Run stopHolds() throws Exception {
        Motors motors = scene.motors();
        try (Caller caller = scene.driver("storm", Motion.SET_POWER)) {
            motors.awaitOn("m1");
            Thread.sleep(1_000);
            long asked = stop();
            long answered = System.nanoTime();
            Thread.sleep(5_000);
            motors.mark();
            if (motors.on("m1", answered) || motors.first("m1", "on", answered).isPresent()) {
                return new Table.Run(Double.POSITIVE_INFINITY, "it moved after the stop's answer");
            }
            double off = millis(asked, answered);
            for (OptionalLong next = motors.first("m1", "off", asked); next.isPresent(); ) {
                off = millis(asked, next.getAsLong());
                next = motors.first("m1", "off", next.getAsLong());
            }
            long resumed = caller.tell("resume");
            boolean moves = motors.awaitFirst("m1", "on", resumed, 2_000).isPresent();
            return new Table.Run(off, !moves ? "it does not move after resuming" : off > TOLD ? "late" : "");
        }
    }

    private Table.Run nextLease() throws Exception {
        Rest rest = scene.rest();
        String first = rest.lease();
        rest.ask("POST", "/components/motor/m1/SetPower", first, Motion.SET_POWER.request())
                .ok();
        scene.motors().awaitOn("m1");
        Thread.sleep(500);
        rest.ask("DELETE", "/lease", first, null).ok();
        String second = rest.lease();
        rest.ask("POST", "/components/base/base1/SetPower", second, "{\"linear\":{\"y\":1}}")
                .ok();
        long from = System.nanoTime();
        for (int beats = 0; beats < 7; beats++) {
            Thread.sleep(450);
            rest.ask("PATCH", "/lease", second, "{}").ok();
        }
        rest.ask("DELETE", "/lease", second, null).ok();
        return bothOn(from);
    }

    private Table.Run nextHold() throws Exception {
        Rest rest = scene.rest();
        rest.ask("POST", "/components/motor/m1/SetPower?hold=3s", null, Motion.SET_POWER.request())
                .ok();
        rest.ask("POST", "/components/base/base1/SetPower?hold=3s", null, "{\"linear\":{\"y\":1}}")
                .ok();
        long from = System.nanoTime();
        Thread.sleep(3_200);
        return bothOn(from);
    }

    private Table.Run bothOn(long from) throws Exception {
        Motors motors = scene.motors();
        long begun = from + TimeUnit.MILLISECONDS.toNanos(50);
        long shortest = Long.MAX_VALUE;
        for (String wheel : List.of("m1", "m2")) {
            if (!motors.on(wheel, begun)) {
                return new Table.Run(0, wheel + " does not turn");
            }
            OptionalLong off = motors.awaitFirst(wheel, "off", begun, TOLD);
            if (off.isEmpty()) {
                return new Table.Run(Double.POSITIVE_INFINITY, wheel + " goes on");
            }
            shortest = Math.min(shortest, off.getAsLong() - from);
        }
        double millis = shortest / 1e6;
        return new Table.Run(millis, millis < 2_900 ? "a wheel stood early" : "");
    }

    private void check(String title, String motion, int times, boolean most, long bound, Rounds.Check check)
            throws Exception {
        rounds.check(
                title,
                most ? Rounds.Measure.atMost(motion, bound) : Rounds.Measure.atLeast(motion, bound),
                quick ? 2 : times,
                check);
    }

    private Opening<Caller> driver(String kind) {
        return motion -> scene.driver(kind, motion);
    }

    private <C extends Driving> void row(
            String title,
            List<Motion> motions,
            int times,
            long bound,
            Opening<C> opening,
            Event<C> event,
            Aftermath aftermath)
            throws Exception {
        for (Motion motion : motions) {
            check(title, motion.title(), times, true, bound, () -> {
                try (C caller = opening.open(motion)) {
                    return once(caller, bound, event, aftermath);
                }
            });
        }
    }

    private <C> Table.Run once(C caller, long bound, Event<C> event, Aftermath aftermath) throws Exception {
        Motors motors = scene.motors();
        motors.awaitOn("m1");
        // At any point between two beats.
        Thread.sleep(ThreadLocalRandom.current().nextInt(600, 1_100));
        long at = event.happen(caller);
        boolean wasOn = motors.on("m1", at);
        OptionalLong off = wasOn ? motors.awaitFirst("m1", "off", at, bound + 2_000) : OptionalLong.empty();
        aftermath.come(at);
        if (off.isEmpty()) {
            return new Table.Run(Double.POSITIVE_INFINITY, wasOn ? "it goes on" : "it stood before the event");
        }
        Thread.sleep(WATCH_MILLIS);
        motors.mark();
        longestGap = Math.max(longestGap, motors.longestGapMillis(at));
        double millis = millis(at, off.getAsLong());
        String complaint = motors.first("m1", "on", off.getAsLong()).isPresent()
                ? "it went on again"
                : millis > bound ? "late" : "";
        return new Table.Run(millis, complaint);
    }

    private static double millis(long from, long to) {
        return (to - from) / 1e6;
    }
}
