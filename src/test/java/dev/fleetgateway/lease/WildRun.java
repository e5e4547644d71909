package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Three callers at one machine, two of them on sockets, and what they do to it and what happens to it. */
final class WildRun {

    static final int CALLERS = 3;
    static final int COMMANDS = Command.ALL.size();

    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final Rover rover;
    private final AuditTrail audit;
    private final List<Party> parties = new ArrayList<>();
    private final List<Verdicts.Told> told = new ArrayList<>();
    private final List<String> story = new ArrayList<>();

    // What was asked and has an answer, unless its socket goes.
    private final List<CompletableFuture<?>> pending = new ArrayList<>();

    // Whoever was granted the lease last.
    private volatile Party holder;

    WildRun(Rover rover, AuditTrail audit) {
        this.rover = rover;
        this.audit = audit;
        holder = new Party(false);
        parties.add(holder);
        parties.add(new Party(true));
        parties.add(new Party(true));
    }

    /** What can happen. */
    enum Kind {
        ACQUIRE,
        ACT,
        ACT_WITHOUT_LEASE,
        HOLD,
        READ,
        STOP,
        OWN_STOP,
        SINGLE_STOP,
        TAKE,
        RELEASE,
        RESUME,
        FALL_SILENT,
        VANISH,
        CANCEL_ALL,
        WAIT,
        DELAY,
        DELAY_ON_THE_WAY,
        HANG,
        MISS_HEARTBEATS,
        RESTART,
        HANG_IN_STOP,
        MEND
    }

    /**
     * One thing that happens.
     *
     * @param who which of the callers
     * @param what which of the commands
     * @param millis how long, and the pause after it
     */
    record Action(Kind kind, int who, int what, int millis) {}

    /** Lets all of it happen, then ends everything, and looks at what has come of it: empty where that is as it should be. */
    String through(List<Action> actions) {
        try {
            for (Action action : actions) {
                story.add(Instant.now() + " " + action);
                happens(action);
                LockSupport.parkNanos(Duration.ofMillis(action.millis / 4).toNanos());
            }
            end();
            new Verdicts(rover, audit, told).check();
            return "";
        } catch (RuntimeException | AssertionError e) {
            return rover.name() + ": " + e.getMessage() + "\n" + String.join("\n", story) + "\n"
                    + String.join("\n", new Verdicts(rover, audit, told).everything());
        } finally {
            parties.forEach(Party::close);
        }
    }

    private void happens(Action action) {
        Party party = parties.get(action.who);
        Command command = Command.ALL.get(action.what);
        switch (action.kind) {
            case ACQUIRE -> party.acquire();
            case ACT -> {
                // Mostly he who may.
                Party actor = action.millis % 5 == 0 ? party : holder;
                actor.act(command, actor.lease, null);
            }
            case ACT_WITHOUT_LEASE -> party.act(command, "", null);
            case HOLD -> party.act(Command.STICKY, "", Duration.ofMillis(300 + action.millis * 3L));
            case READ -> pending.add(rover.later("/components/motor/m1/GetPosition", "{}"));
            case STOP -> {
                SocketCaller page = party.socket;
                pending.add(
                        page != null && action.millis % 2 == 0
                                ? page.ask("stop", "{\"machine\":\"%s\"}".formatted(rover.name()))
                                : rover.later("/stop", ""));
            }
            case OWN_STOP -> {
                if (!party.lease.isEmpty()) {
                    pending.add(rover.later("/stop", "", "Gateway-Lease", party.lease));
                }
            }
            case SINGLE_STOP -> pending.add(rover.later("/components/motor/m1/Stop", "{}"));
            case TAKE -> party.take();
            case RELEASE -> holder.release();
            case RESUME -> parties.forEach(Party::resume);
            case FALL_SILENT -> holder.beating = false;
            case VANISH -> party.vanish();
            case CANCEL_ALL -> party.cancelAll();
            case WAIT ->
                LockSupport.parkNanos(Duration.ofMillis(action.millis * 3L).toNanos());
            case DELAY -> rover.machine().delay(command.full(), Duration.ofMillis(action.millis * 3L));
            case DELAY_ON_THE_WAY -> {
                // Nothing keeps a command that no session guards from arriving late.
                if (command.monitored()) {
                    rover.machine().delayOnTheWay(command.full(), Duration.ofMillis(action.millis * 5L));
                }
            }
            case HANG -> rover.machine().hang(command.full());
            case MISS_HEARTBEATS -> rover.machine().missHeartbeats();
            case RESTART -> rover.machine().restart();
            case HANG_IN_STOP -> rover.machine().hangInStop("m1");
            case MEND -> rover.machine().mend();
        }
    }

    /** Everybody leaves, the machine is mended, and it stands. */
    private void end() {
        story.add(Instant.now() + " the end");
        parties.forEach(Party::leaves);
        rover.machine().mend();
        eventually("everybody is answered", () -> pending.stream().allMatch(CompletableFuture::isDone));
        // Some were granted a lease only now.
        parties.forEach(Party::leaves);
        rover.awaitReady();
        eventually("nobody holds it", () -> rover.picture().get("lease").isNull());
        eventually(
                "nothing is in flight",
                () -> rover.picture().at("/operations/inFlight").asInt() == 0);
        eventually("it stands", rover::stands);
        throughout(Duration.ofMillis(1_200), "it stands for good", rover::stands);
    }

    /** One caller. */
    private final class Party {

        private @Nullable SocketCaller socket;
        private final ScheduledFuture<?> beats;
        private final List<Integer> open = new ArrayList<>();
        private volatile String lease = "";
        private volatile boolean beating;

        Party(boolean bySocket) {
            socket = bySocket ? rover.fleet().socket() : null;
            beats = rover.fleet().timer().scheduleAtFixedRate(this::beat, 0, 200, MILLISECONDS);
        }

        private void beat() {
            String id = lease;
            SocketCaller mine = socket;
            if (!beating || id.isEmpty()) {
                return;
            }
            if (mine == null) {
                patch("{}");
            } else {
                mine.notify("lease.beat", "{\"lease\":\"%s\"}".formatted(id));
            }
        }

        private void patch(String json) {
            var _ = rover.fleet().sendAsync("PATCH", rover.path("/lease"), json, "Gateway-Lease", lease);
        }

        void acquire() {
            granted("lease.acquire", "/lease", "{\"machine\":\"%s\",\"windowMillis\":%d}", "{\"windowMillis\":%2$d}");
        }

        void take() {
            granted(
                    "lease.take",
                    "/lease/take",
                    "{\"machine\":\"%s\",\"windowMillis\":%d,\"reason\":\"mine\"}",
                    "{\"windowMillis\":%2$d}");
        }

        private void granted(String method, String path, String params, String body) {
            SocketCaller mine = socket;
            CompletableFuture<String> id = mine == null
                    ? rover.later(path, body.formatted(rover.name(), WINDOW.toMillis()))
                            .thenApply(answer -> answer.ok() ? answer.member("id") : "")
                    : mine.ask(method, params.formatted(rover.name(), WINDOW.toMillis()))
                            .thenApply(answer -> answer.at("/result/id").asString(""));
            pending.add(id);
            var _ = id.thenAccept(got -> {
                if (!got.isEmpty()) {
                    lease = got;
                    beating = true;
                    holder = this;
                }
            });
        }

        void release() {
            String id = lease;
            SocketCaller mine = socket;
            if (id.isEmpty()) {
                return;
            }
            if (mine == null) {
                var _ = rover.fleet().sendAsync("DELETE", rover.path("/lease"), "", "Gateway-Lease", id);
            } else {
                var _ = mine.ask("lease.release", "{\"lease\":\"%s\"}".formatted(id));
            }
        }

        void resume() {
            String id = lease;
            SocketCaller mine = socket;
            if (id.isEmpty() || !beating) {
                return;
            }
            if (mine == null) {
                patch("{\"resume\":true}");
            } else {
                var _ = mine.ask("lease.resume", "{\"lease\":\"%s\"}".formatted(id));
            }
        }

        void act(Command command, String with, @Nullable Duration hold) {
            SocketCaller mine = socket;
            if (mine == null) {
                String path = command.path() + (hold == null ? "" : "?hold=" + hold.toMillis() + "ms");
                CompletableFuture<Answer> answer = with.isEmpty()
                        ? rover.later(path, command.json())
                        : rover.later(path, command.json(), "Gateway-Lease", with);
                keep(answer.thenApply(got -> Verdicts.Told.of(command, got)));
            } else {
                String more = (with.isEmpty() ? "" : ",\"lease\":\"%s\"".formatted(with))
                        + (hold == null ? "" : ",\"holdMillis\":" + hold.toMillis());
                CompletableFuture<JsonNode> answer =
                        mine.call(rover.name(), command.resource(), command.method(), command.json(), more);
                open.add(mine.lastId());
                keep(answer.thenApply(got -> Verdicts.Told.of(command, got)));
            }
        }

        private void keep(CompletableFuture<Verdicts.Told> answer) {
            pending.add(answer);
            var _ = answer.thenAccept(got -> {
                synchronized (told) {
                    told.add(got);
                }
            });
        }

        void cancelAll() {
            SocketCaller mine = socket;
            if (mine != null) {
                open.forEach(id -> {
                    var _ = mine.ask("cancel", "{\"call\":%d}".formatted(id));
                });
                open.clear();
            }
        }

        void vanish() {
            SocketCaller mine = socket;
            if (mine != null) {
                beating = false;
                open.clear();
                socket = rover.fleet().socket();
                mine.close();
            }
        }

        void leaves() {
            beating = false;
            beats.cancel(false);
        }

        void close() {
            leaves();
            SocketCaller mine = socket;
            if (mine != null) {
                mine.close();
            }
        }
    }
}
