package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Candidates;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One round of looking for a machine: every way worth it is dialed, the better first, the next beside it after a head start or as soon
 * as one failed; the first that opens wins and the others are closed. The winner is handed over and no longer the search's own, but
 * its end is told all the same.
 *
 * <p>All of it but finding the ways and the dialing itself happens in the given context, so it needs no lock.
 */
final class Search {

    /** What the search tells, in its context. {@code won} or {@code failed} comes once, {@code broke} may follow {@code won}. */
    interface Listener {

        /** All ways there are, also those that are not worth it; once, first. */
        void ways(List<Way> ways);

        /** What became of one of them. */
        void became(Candidate candidate);

        void won(Link link, Dialer.Dial dial, Candidate candidate, MachineReport.@Nullable Software software);

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

    /**
     * Which ways are dialed.
     *
     * @param last the key of the one that is tried after all others; null for none
     */
    record Choice(Predicate<Candidate> worth, @Nullable String last) {

        /** All of them, the best first. */
        static final Choice ALL = new Choice(_ -> true, null);
    }

    private final Machine machine;
    private final Means means;
    private final Choice choice;
    private final Executor context;
    private final Listener listener;

    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private int started;
    private @Nullable Attempt winner;
    private boolean over;
    private Time.@Nullable Timer next;

    Search(Machine machine, Means means, Choice choice, Executor context, Listener listener) {
        this.machine = machine;
        this.means = means;
        this.choice = choice;
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

    /** Ends it, unless it has ended; what was won is not touched. */
    void close() {
        if (winner != null) {
            return;
        }
        over = true;
        cancelNext();
        attempts.forEach(this::leave);
    }

    private void leave(Attempt attempt) {
        attempt.close();
        if (attempt.candidate.state() == Candidate.State.TRYING) {
            become(attempt, Candidate.State.UNTRIED, "the search ended before it answered");
        }
    }

    private void begin(List<Way> ways) {
        if (over) {
            return;
        }
        listener.ways(ways);
        boolean unknown = false;
        Attempt last = null;
        for (Way way : ways) {
            Candidate candidate = way.candidate();
            if (way instanceof Way.Barred) {
                unknown |= candidate.state() == Candidate.State.FAILED;
                reasons.add(candidate.reason());
            } else if (candidate.key().equals(choice.last())) {
                last = new Attempt(way);
            } else if (choice.worth().test(candidate)) {
                attempts.add(new Attempt(way));
            }
        }
        if (last != null) {
            attempts.add(last);
        }
        if (attempts.isEmpty()) {
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
        listener.won(link, dial, attempt.candidate, software);
    }

    private void failed(Attempt attempt, FailureKind kind, String reason) {
        if (over || winner != null) {
            return;
        }
        attempt.failed = true;
        attempt.failure = kind;
        reasons.add(reason);
        become(attempt, Candidate.State.FAILED, reason);
        if (attempts.stream().allMatch(each -> each.failed)) {
            end(worst(), summary());
        } else {
            startNext();
        }
    }

    private void broke(Attempt attempt, FailureKind kind, String reason) {
        if (!over && winner == attempt) {
            over = true;
            listener.broke(kind, reason);
        }
    }

    /**
     * What the settings are to blame for outweighs an absence: it is what a person can mend. But not what is said of a way that nobody
     * configured where another was: who announces the machine may be wrong, and the way round by signaling is the last.
     */
    private FailureKind worst() {
        List<Attempt> judged = Stream.of(Route.Via.ADDRESS, Route.Via.MDNS, Route.Via.SIGNALING)
                .map(via -> attempts.stream()
                        .filter(each -> each.candidate.via() == via)
                        .toList())
                .filter(some -> !some.isEmpty())
                .findFirst()
                .orElse(attempts);
        FailureKind kind = judged.getFirst().failure;
        for (Attempt attempt : judged) {
            if (attempt.failure.settings() && !kind.settings()) {
                kind = attempt.failure;
            }
        }
        return kind;
    }

    private String summary() {
        List<String> said =
                reasons.stream().filter(reason -> !reason.isEmpty()).distinct().toList();
        return said.isEmpty() ? "there is no address to try" : String.join("; ", said);
    }

    private void end(FailureKind kind, String reason) {
        if (over) {
            return;
        }
        over = true;
        cancelNext();
        listener.failed(kind, reason);
    }

    private void become(Attempt attempt, Candidate.State state, String reason) {
        attempt.candidate = state == Candidate.State.UNTRIED
                ? attempt.candidate.as(state, reason)
                : attempt.candidate.as(state, reason, means.time.now());
        listener.became(attempt.candidate);
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
