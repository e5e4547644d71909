package dev.fleetgateway.connection;

import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import io.grpc.SynchronizationContext;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import viam.robot.v1.GetMachineStatusResponse;

/**
 * The lines to one machine: the one that carries, at times another beside it, and those just left. A better one is looked for while a
 * worse one carries; any other is dialed while the one that carries is in doubt, and the same once more where it is worn; which of two
 * carries {@link Preference} says.
 *
 * <p>Confined to the context of its connection.
 */
final class Lines {

    /** A machine that cannot be had a second time now is left in peace with it for a while. */
    static final Duration RENEWED_AGAIN = Duration.ofMinutes(5);

    private static final Logger log = LoggerFactory.getLogger(Lines.class);

    private final Machine machine;
    private final MachineConnection.Means means;
    private final Time time;
    private final SynchronizationContext context;
    private final Owner owner;
    private final CandidateBook book = new CandidateBook();
    private final Farewells farewells;
    private final Alarm lookout;
    private final Alarm standing;
    private final Alarm renewal;

    private @Nullable Line carrier;
    private @Nullable Line standby;
    private @Nullable Round round;
    private int lookouts;
    private boolean met;

    /** Hears what becomes of the line that carries. */
    interface Owner {

        /** Whether calls may start, for all that is known. */
        boolean isReady();

        /** Whether a lease pins the line that carries. */
        boolean isPinned();

        /** How long to wait from an answer to the next question. */
        Duration untilNextPoll();

        /** The candidates, or the route of the line that carries, are others now. */
        void changed();

        /** A line carries where none did; its machine has yet to answer a poll. */
        void opened(Line line);

        /** The machine answered a poll on the line that carries. */
        void answered(Line line, @Nullable GetMachineStatusResponse status, Duration rtt, String note);

        /** It did not. */
        void missed(Line line, String reason);

        /** Another line carries. */
        void moved(Line from, Line to, String because);

        /** The line that carries is no more, or of no use. */
        void broke(FailureKind kind, String reason);

        /** Nothing was found. */
        void notFound(FailureKind kind, String reason);
    }

    Lines(Machine machine, MachineConnection.Means means, SynchronizationContext context, Owner owner) {
        this.machine = machine;
        this.means = means;
        this.time = means.time();
        this.context = context;
        this.owner = owner;
        this.farewells = new Farewells(time, context);
        this.lookout = new Alarm(time, context, this::lookForBetter);
        this.standing = new Alarm(time, context, this::choose);
        this.renewal = new Alarm(time, context, this::renew);
    }

    @Nullable
    Line carrier() {
        return carrier;
    }

    /** The one beside, where it could carry now. */
    @Nullable
    Line goodStandby() {
        return standby != null && standby.good() ? standby : null;
    }

    List<Candidate> candidates() {
        return book.list();
    }

    /** Whether the machine could be reached otherwise than it is. */
    boolean hasOther() {
        return book.hasOtherThan(carrier == null ? null : carrier.candidate().key());
    }

    /** Whether a search is under way. */
    boolean isSearching() {
        return round != null;
    }

    /** Looks for a line by every way there is. */
    void find() {
        search(Search.Choice.ALL, Purpose.BETTER);
    }

    /** The gateway's own networks may have changed: the route is judged anew, and a better one looked for soon. */
    void judge(Duration soon) {
        Line now = carrier;
        if (now == null) {
            return;
        }
        observed(now, means.judge().judge(now.route()));
        if (standby != null) {
            observed(standby, means.judge().judge(standby.route()));
            choose();
        }
        if (owner.isReady()) {
            owner.changed();
        }
        if (now.route().rank() > 0) {
            lookouts = 0;
            lookout.bringForward(soon);
        }
    }

    private void observed(Line line, Route route) {
        line.observed(route);
        if (line == carrier || carrier == null || !isSame(carrier, line)) {
            book.seen(line.candidate().key(), route);
        }
    }

    /** Nobody seems to answer on the line that carries: it is asked now, and any other way is dialed beside it. */
    void doubt() {
        if (carrier != null) {
            carrier.doubt();
            lookForAnother();
            choose();
        }
    }

    /** The line that carries answered, and a worse one must not be left for want of looking. */
    void lookOut() {
        if (carrier != null && carrier.route().rank() > 0 && !lookout.isSet()) {
            lookAgain();
        }
    }

    /** Ends all but those just left, which may end in peace. */
    void drop(String why) {
        lookout.cancel();
        standing.cancel();
        renewal.cancel();
        endRound();
        if (standby != null) {
            standby.close();
            standby = null;
        }
        Line lost = carrier;
        carrier = null;
        if (lost != null) {
            lost.close();
            book.become(lost.candidate().key(), Candidate.State.FAILED, why);
        }
        book.left();
    }

    /** Ends those just left, too. */
    void close() {
        drop("it carried until the connection ended");
        met = false;
        farewells.close();
    }

    private void search(Search.Choice choice, Purpose purpose) {
        Round begun = new Round(purpose);
        round = begun;
        begun.search = means.searches().search(machine, choice, context, begun);
        begun.search.start();
    }

    private void endRound() {
        Round ended = round;
        round = null;
        if (ended != null && ended.search != null) {
            ended.search.close();
        }
    }

    /** Soon at first, then more and more rarely. */
    private void lookForBetter() {
        Line now = carrier;
        if (now == null || !owner.isReady() || now.route().rank() == 0) {
            return;
        }
        if (round == null && standby == null) {
            int rank = now.route().rank();
            String own = now.candidate().key();
            search(new Search.Choice(each -> each.rank() < rank && !each.key().equals(own), null), Purpose.BETTER);
        }
        lookAgain();
    }

    private void lookAgain() {
        lookout.set(means.backoff().after(++lookouts, FailureKind.REFUSED));
    }

    private void lookForAnother() {
        Line now = carrier;
        if (now == null || standby != null || !hasOther()) {
            return;
        }
        if (round != null && round.purpose != Purpose.RESCUE) {
            endRound();
        }
        if (round == null) {
            String own = now.candidate().key();
            search(new Search.Choice(each -> !each.key().equals(own), null), Purpose.RESCUE);
        }
    }

    /** The line that carries well is worn: the same candidate is dialed once more beside it. */
    private void renew() {
        Line now = carrier;
        if (now == null || !now.good() || round != null || standby != null || renewal.isSet() || owner.isPinned()) {
            return;
        }
        if (now.link().worn()) {
            renewal.set(RENEWED_AGAIN);
            String own = now.candidate().key();
            search(new Search.Choice(each -> each.key().equals(own), null), Purpose.FRESH);
        }
    }

    /** Whether the other one is the same once more. */
    private static boolean isSame(Line one, Line other) {
        return one.candidate().key().equals(other.candidate().key());
    }

    /** Notes what became of a candidate, unless the line that carries was dialed as the same: then it is in use, whatever became of another. */
    private void became(String key, Candidate.State state, String reason) {
        if (carrier == null || !carrier.candidate().key().equals(key)) {
            book.become(key, state, reason);
        }
    }

    private void choose() {
        Line now = carrier;
        Line other = standby;
        if (now == null || other == null) {
            return;
        }
        switch (Preference.of(now, other, owner.isPinned(), means.hysteresis())) {
            case Preference.Move(var because) -> promote(now, other, because);
            case Preference.Wait(var more) -> standing.set(more);
            case Preference.Stay() -> {
                boolean awaited = isSame(now, other) && !other.good();
                if (now.good() && other.route().rank() >= now.route().rank() && !awaited) {
                    leaveStandby(Candidate.State.UNTRIED, "the one in use answers again");
                }
            }
        }
    }

    private void leaveStandby(Candidate.State state, String reason) {
        Line left = standby;
        if (left != null) {
            standby = null;
            standing.cancel();
            left.close();
            became(left.candidate().key(), state, reason);
            owner.changed();
        }
    }

    /** Calls in flight on the one before end there. */
    private void promote(Line before, Line line, String because) {
        standby = null;
        standing.cancel();
        lookout.cancel();
        lookouts = 0;
        renewal.cancel();
        endRound();
        carrier = line;
        line.carries(time.now());
        became(
                before.candidate().key(),
                before.good() ? Candidate.State.UNTRIED : Candidate.State.FAILED,
                before.good() ? "left for a better one" : "it no longer answered");
        if (isSame(before, line)) {
            book.put(line.candidate());
        }
        book.open(line.candidate().key(), Candidate.State.IN_USE, line.route());
        farewells.add(before);
        owner.moved(before, line, because);
        lookOut();
    }

    /** What is looked for. */
    private enum Purpose {
        BETTER,
        /** Any other than the one that is in doubt. */
        RESCUE,
        /** The same once more. */
        FRESH
    }

    /** What one search and the line it found tell; deaf once neither is of interest any more. */
    private final class Round implements Search.Listener, Watch.Listener {

        private final Purpose purpose;
        private @Nullable Search search;
        private @Nullable Line line;

        Round(Purpose purpose) {
            this.purpose = purpose;
        }

        private boolean carries() {
            return line != null && line == carrier;
        }

        private boolean standsBy() {
            return line != null && line == standby;
        }

        @Override
        public void ways(List<Way> ways) {
            book.renew(ways);
            owner.changed();
        }

        @Override
        public void became(Candidate candidate) {
            if (purpose != Purpose.FRESH) {
                book.put(candidate);
                owner.changed();
            }
        }

        @Override
        public void won(Link found, Dialer.Dial dial, Candidate candidate, MachineReport.@Nullable Software software) {
            Line opened = new Line(found, dial, candidate, software, time);
            Line now = carrier;
            if (round == this) {
                round = null;
            }
            if (now != null && Preference.isAnotherMachine(now, opened)) {
                opened.close();
                Lines.this.became(
                        candidate.key(), Candidate.State.FAILED, "another machine answers there: " + found.identity());
                owner.changed();
                return;
            }
            line = opened;
            if (now == null) {
                carrier = opened;
                if (!met) {
                    met = true;
                    opened.metFirst();
                }
                book.open(candidate.key(), Candidate.State.IN_USE, opened.route());
                owner.opened(opened);
            } else {
                standby = opened;
                if (!isSame(now, opened)) {
                    book.open(candidate.key(), Candidate.State.STANDBY, opened.route());
                }
                owner.changed();
            }
            opened.start(new Watch(found, time, owner::untilNextPoll, context, this));
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            if (round != this) {
                return;
            }
            round = null;
            if (purpose == Purpose.FRESH) {
                log.info("{} is not reached anew yet, and goes on as it is: {}", machine.name(), reason);
            }
            if (carrier == null) {
                owner.notFound(kind, reason);
            } else {
                // The next poll or look-out tries again.
                owner.changed();
            }
        }

        @Override
        public void broke(FailureKind kind, String reason) {
            if (standsBy()) {
                leaveStandby(Candidate.State.FAILED, reason);
            } else if (carries()) {
                Line now = carrier;
                Line other = goodStandby();
                if (now != null && other != null) {
                    promote(now, other, reason);
                } else {
                    owner.broke(kind, reason);
                }
            }
        }

        @Override
        public void answered(@Nullable GetMachineStatusResponse status, Duration rtt, String note) {
            Line mine = line;
            if (mine == null || (!carries() && !standsBy())) {
                return;
            }
            mine.heard();
            look(mine);
            if (carries()) {
                if (round != null && round.purpose == Purpose.RESCUE) {
                    endRound();
                }
                owner.answered(mine, status, rtt, note);
                lookOut();
            }
            choose();
            renew();
        }

        /** A data channel may go on by another network, and what is shown is what is seen. */
        private void look(Line mine) {
            if (mine.route().transport() == Route.Transport.WEBRTC) {
                var _ = mine.link()
                        .look()
                        .thenAccept(now -> context.execute(() -> {
                            Route before = mine.route();
                            if (now.kind() != before.kind() || !now.peer().equals(before.peer())) {
                                observed(mine, now.kind() == before.kind() ? now.carryingSince(before.since()) : now);
                                owner.changed();
                            }
                        }));
            }
        }

        @Override
        public void missed(String reason) {
            Line mine = line;
            if (mine == null) {
                return;
            }
            if (standsBy()) {
                leaveStandby(Candidate.State.FAILED, "it opened, and then " + reason);
            } else if (carries()) {
                mine.missedOne();
                lookForAnother();
                choose();
                if (carries()) {
                    owner.missed(mine, reason);
                }
            }
        }

        @Override
        public void tokenRefused(String reason) {
            String said = "the machine no longer takes the token, authenticating again: " + reason;
            if (standsBy()) {
                leaveStandby(Candidate.State.FAILED, said);
            } else if (carries()) {
                owner.broke(FailureKind.CREDENTIALS, said);
            }
        }
    }
}
