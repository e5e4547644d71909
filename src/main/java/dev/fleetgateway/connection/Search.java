package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One round of looking for a machine: every allowed address is dialed, the better kind first, the next beside it after a head
 * start or as soon as one failed; the first that opens wins and the others are closed.
 *
 * <p>All of it but the look-up of names and the dialing itself happens in the given context, so it needs no lock.
 */
final class Search {

    /** What the search tells, in its context. {@code won} or {@code failed} comes once, {@code broke} may follow {@code won}. */
    interface Listener {

        void candidates(List<Candidate> candidates);

        void won(Link link, Dialer.Dial dial, MachineReport.@Nullable Software software);

        void failed(FailureKind kind, String reason);

        void broke(FailureKind kind, String reason);
    }

    /**
     * What every search of a gateway works with.
     *
     * @param blocking runs what may wait: looking up names, reading keys
     * @param headStart how long a better candidate is tried alone
     */
    record Means(Dialers dialers, Candidates candidates, Executor blocking, Duration headStart, Time time) {}

    private final Machine machine;
    private final Means means;
    private final Executor context;
    private final Listener listener;

    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private int started;
    private @Nullable Attempt winner;
    private boolean over;
    private Time.@Nullable Timer next;

    Search(Machine machine, Means means, Executor context, Listener listener) {
        this.machine = machine;
        this.means = means;
        this.context = context;
        this.listener = listener;
    }

    /** Begins. */
    void start() {
        means.blocking.execute(() -> {
            try {
                List<Way> ways = means.candidates.of(machine);
                context.execute(() -> begin(ways));
            } catch (RuntimeException e) {
                context.execute(() -> end(FailureKind.OTHER, "the search could not begin: " + e));
            }
        });
    }

    /** Ends it, and the link it may have become. */
    void close() {
        over = true;
        cancelNext();
        attempts.forEach(Attempt::close);
    }

    private void begin(List<Way> ways) {
        if (over) {
            return;
        }
        for (Way way : ways) {
            candidates.put(way.candidate().address(), way.candidate());
            if (!(way instanceof Way.Barred)) {
                attempts.add(new Attempt(way));
            }
        }
        if (attempts.isEmpty()) {
            boolean unknown = candidates.values().stream().anyMatch(each -> each.state() == Candidate.State.FAILED);
            end(unknown ? FailureKind.NAME_UNKNOWN : FailureKind.NO_CANDIDATE, summary());
            return;
        }
        startNext();
    }

    private void startNext() {
        cancelNext();
        if (over || winner != null || started == attempts.size()) {
            return;
        }
        Attempt attempt = attempts.get(started++);
        become(attempt, Candidate.State.TRYING, "");
        means.blocking.execute(attempt::dial);
        next = means.time.after(means.headStart, () -> context.execute(this::startNext));
    }

    private void opened(Attempt attempt, Link link, MachineReport.@Nullable Software software) {
        Dialer.Dial dial = attempt.dial;
        if (over || winner != null || dial == null) {
            attempt.close();
            return;
        }
        winner = attempt;
        cancelNext();
        for (Attempt other : attempts) {
            if (other != attempt && other.candidate.state() == Candidate.State.TRYING) {
                other.close();
                become(other, Candidate.State.UNTRIED, "another answered first");
            }
        }
        become(attempt, Candidate.State.IN_USE, link.route().reason());
        listener.won(link, dial, software);
    }

    private void failed(Attempt attempt, FailureKind kind, String reason) {
        if (over || winner != null) {
            return;
        }
        attempt.failed = true;
        attempt.failure = kind;
        become(attempt, Candidate.State.FAILED, reason);
        if (attempts.stream().allMatch(each -> each.failed)) {
            end(worst(), summary());
        } else {
            startNext();
        }
    }

    private void broke(Attempt attempt, FailureKind kind, String reason) {
        if (!over && winner == attempt) {
            become(attempt, Candidate.State.FAILED, reason);
            over = true;
            listener.broke(kind, reason);
        }
    }

    /** What the settings are to blame for outweighs an absence: it is what a person can mend. */
    private FailureKind worst() {
        FailureKind kind = attempts.getFirst().failure;
        for (Attempt attempt : attempts) {
            if (attempt.failure.settings() && !kind.settings()) {
                kind = attempt.failure;
            }
        }
        return kind;
    }

    private String summary() {
        List<String> reasons = candidates.values().stream()
                .map(Candidate::reason)
                .filter(reason -> !reason.isEmpty())
                .distinct()
                .toList();
        return reasons.isEmpty() ? "there is no address to try" : String.join("; ", reasons);
    }

    private void end(FailureKind kind, String reason) {
        over = true;
        cancelNext();
        listener.candidates(List.copyOf(candidates.values()));
        listener.failed(kind, reason);
    }

    private void become(Attempt attempt, Candidate.State state, String reason) {
        Candidate before = attempt.candidate;
        Candidate after = new Candidate(
                before.kind(),
                before.via(),
                before.transport(),
                before.address(),
                state,
                reason,
                state == Candidate.State.UNTRIED ? before.triedAt() : means.time.now());
        attempt.candidate = after;
        candidates.put(after.address(), after);
        listener.candidates(List.copyOf(candidates.values()));
    }

    private void cancelNext() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private final class Attempt implements Dialer.Listener {

        private final Way way;
        private Candidate candidate;
        private Dialer.@Nullable Dial dial;
        private boolean closed;
        private boolean failed;
        private FailureKind failure = FailureKind.OTHER;

        Attempt(Way way) {
            this.way = way;
            this.candidate = way.candidate();
        }

        void dial() {
            Dialer.Dial begun;
            try {
                begun = means.dialers.dial(machine, way, this);
            } catch (RuntimeException e) {
                // Settings that only a dial finds out about, such as a certificate file that is not one.
                failed(FailureKind.PROTOCOL, "it cannot be dialed: " + e.getMessage());
                return;
            }
            context.execute(() -> {
                dial = begun;
                if (closed || over) {
                    begun.close();
                } else if (early != null) {
                    early.run();
                }
            });
        }

        /** What the dial told before it was known here; rare, since the machine has to answer first. */
        private @Nullable Runnable early;

        void close() {
            closed = true;
            if (dial != null) {
                dial.close();
            }
        }

        @Override
        public void opened(Link link, MachineReport.@Nullable Software software) {
            context.execute(() -> {
                if (dial == null) {
                    early = () -> Search.this.opened(this, link, software);
                } else {
                    Search.this.opened(this, link, software);
                }
            });
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            context.execute(() -> Search.this.failed(this, kind, reason));
        }

        @Override
        public void broke(FailureKind kind, String reason) {
            context.execute(() -> {
                early = null;
                Search.this.broke(this, kind, reason);
                if (winner == null && !over) {
                    Search.this.failed(this, kind, reason);
                }
            });
        }
    }
}
