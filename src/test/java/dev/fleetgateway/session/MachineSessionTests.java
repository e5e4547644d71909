package dev.fleetgateway.session;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Beats, death and what comes after, with a window of two seconds. */
class MachineSessionTests {

    private static final Duration WINDOW = ofSeconds(2);
    private static final Status EXPIRED = Status.INVALID_ARGUMENT.withDescription("SESSION_EXPIRED");

    private final FakeTime time = new FakeTime();
    private final AtomicLong presentUntil = new AtomicLong();
    private final List<String> lost = new ArrayList<>();
    private final List<String> beaten = new ArrayList<>();
    private final ScriptedLink link = new ScriptedLink();
    private final MachineSession session = session(false);

    private MachineSession session(boolean allowUnprotected) {
        return new MachineSession(
                new SessionSettings(5, allowUnprotected),
                time,
                beaten::add,
                presentUntil::get,
                (_, reason) -> lost.add(reason));
    }

    @Test
    void whoeverAsksMeanwhileGetsTheOneThatIsBeingOpened() {
        CompletableFuture<Sid> one = session.open(link);
        CompletableFuture<Sid> other = session.open(link);
        assertThat(one).isNotDone();
        link.starts("first", WINDOW);
        assertThat(one.join().id()).isEqualTo("first");
        assertThat(other.join().id()).isEqualTo("first");
        assertThat(session.open(link).join().id()).isEqualTo("first");
        assertThat(link.starts).isEqualTo(1);
        assertThat(session.window()).contains(WINDOW);
        assertThat(one.join()).hasToString("a session with a window of 2000 ms");
        endsByItself();
    }

    @Test
    void aMachineThatIsSilentIsSaidToHaveGivenNoSessionInItsTime() {
        CompletableFuture<Sid> asked = session.open(link);
        link.fails(Status.DEADLINE_EXCEEDED.withDescription(
                "CallOptions deadline exceeded after 4.999954923s. [remote_addr=10.0.0.7:8080]"));
        assertThat(problem(asked).detail())
                .isEqualTo("There is no session on the machine, without which nothing is moved: the machine gave no"
                        + " session within 5 s. Nothing was sent.");
    }

    @Test
    void itIsBeatenFiveTimesInAWindowWhileSomebodyIsPresent() {
        present(ofSeconds(60));
        opened(link, "first");
        time.advance(ofMillis(399));
        assertThat(link.beats).isZero();
        time.advance(ofMillis(1));
        assertThat(link.beats).isEqualTo(1);
        time.advance(ofMillis(9_600));
        assertThat(link.beats).isEqualTo(25);
        assertThat(beaten).hasSize(25).containsOnly("ok");
        assertThat(session.living()).isPresent();
        assertThat(time.pendingTimers()).containsExactly(ofMillis(400));
        endsByItself();
    }

    @Test
    void itIsNotBeatenOnceNobodyIsPresent() {
        present(ofSeconds(1));
        opened(link, "first");
        time.advance(ofSeconds(60));
        assertThat(link.beats).isEqualTo(2);
        assertThat(lost).isEmpty();
        assertThat(session.living()).isEmpty();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void presenceThatIsRenewedGoesOn() {
        opened(link, "first");
        for (int i = 0; i < 20; i++) {
            present(ofMillis(500));
            time.advance(ofMillis(450));
        }
        assertThat(link.beats).isEqualTo(22);
        endsByItself();
    }

    @Test
    void aStandstillBeatsNothingAfterwards() {
        present(ofSeconds(1));
        opened(link, "first");
        time.standStill(ofSeconds(3));
        time.advance(ofSeconds(60));
        assertThat(link.beats).isZero();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void theNextOneGoesOnWithItWhileItIsFresh() {
        opened(link, "first");
        session.rest();
        time.advance(ofMillis(1_499));
        present(ofSeconds(10));
        link.answersBeats(false);
        CompletableFuture<Sid> next = session.open(link);
        assertThat(next).isNotDone();
        link.hears();
        assertThat(next.join().id()).isEqualTo("first");
        link.answersBeats(true);
        time.advance(ofMillis(400));
        assertThat(link.beats).isEqualTo(2);
        assertThat(link.starts).isEqualTo(1);
        endsByItself();
    }

    @Test
    void theNextOneWaitsForItsDeathWhenItIsNot() {
        opened(link, "first");
        session.rest();
        time.advance(ofMillis(1_500));
        CompletableFuture<Sid> next = session.open(link);
        time.advance(ofMillis(599));
        assertThat(link.starts).isEqualTo(1);
        time.advance(ofMillis(1));
        assertThat(link.starts).isEqualTo(2);
        assertThat(link.beats).isZero();
        link.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        endsByItself();
    }

    @Test
    void oneThatTurnsOutToBeDeadIsReplacedAtOnce() {
        opened(link, "first");
        session.rest();
        time.advance(ofSeconds(1));
        link.answersBeats(false);
        CompletableFuture<Sid> next = session.open(link);
        link.fails(EXPIRED);
        assertThat(link.starts).isEqualTo(2);
        link.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        assertThat(lost).isEmpty();
        endsByItself();
    }

    @Test
    void oneThatDoesNotSayIsWaitedForFromThatQuestionOn() {
        opened(link, "first");
        session.rest();
        time.advance(ofSeconds(1));
        link.answersBeats(false);
        CompletableFuture<Sid> next = session.open(link);
        time.advance(ofMillis(500));
        link.fails(Status.UNAVAILABLE);
        time.advance(ofMillis(2_099));
        assertThat(link.starts).isEqualTo(1);
        time.advance(ofMillis(1));
        assertThat(link.starts).isEqualTo(2);
        link.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        endsByItself();
    }

    @Test
    void onAnotherLinkTheOldOneIsAlwaysWaitedFor() {
        present(ofSeconds(60));
        opened(link, "first");
        time.advance(ofMillis(500));
        ScriptedLink other = new ScriptedLink();
        CompletableFuture<Sid> next = session.open(other);
        assertThat(next).isNotDone();
        // The last beat was at 400 ms.
        time.advance(ofMillis(1_999));
        assertThat(other.starts).isZero();
        time.advance(ofMillis(1));
        assertThat(other.starts).isEqualTo(1);
        assertThat(other.beats).isZero();
        assertThat(link.beats).isEqualTo(1);
        other.starts("second", WINDOW);
        assertThat(next.join().link()).isSameAs(other);
        endsByItself();
    }

    @Test
    void aCallUnderItPutsItsDeathOff() {
        opened(link, "first");
        time.advance(ofMillis(300));
        session.touched();
        session.rest();
        CompletableFuture<Sid> next = session.open(new ScriptedLink());
        time.advance(ofMillis(2_099));
        assertThat(next).isNotDone();
        assertThat(time.pendingTimers()).containsExactly(ofMillis(1));
        session.rest();
        time.advance(ofMillis(1));
        assertThat(next).isCompletedExceptionally();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void whenTheMachineSaysThatItIsDeadItsOwnerIsTold() {
        present(ofSeconds(60));
        opened(link, "first");
        link.answersBeats(false);
        time.advance(ofMillis(400));
        link.fails(EXPIRED);
        assertThat(lost).hasSize(1);
        assertThat(session.living()).isEmpty();
        assertThat(time.pendingTimers()).isEmpty();
        CompletableFuture<Sid> next = session.open(link);
        link.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        assertThat(beaten).containsExactly("expired");
        endsByItself();
    }

    @Test
    void silenceForAWindowIsTakenForDeathAndWaitedOut() {
        present(ofSeconds(60));
        opened(link, "first");
        link.answersBeats(false);
        time.advance(ofMillis(2_399));
        assertThat(lost).isEmpty();
        assertThat(session.living()).isEmpty();
        time.advance(ofMillis(1));
        assertThat(lost).hasSize(1);
        assertThat(link.beats).isEqualTo(5);
        CompletableFuture<Sid> next = session.open(link);
        // The last beat that may have been heard went out at 2,000 ms.
        time.advance(ofMillis(1_699));
        assertThat(link.starts).isEqualTo(1);
        time.advance(ofMillis(1));
        assertThat(link.starts).isEqualTo(2);
        link.forgetsWhatWaits();
        assertThat(next).isCompletedExceptionally();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void oneMissedBeatDoesNotEndIt() {
        present(ofSeconds(60));
        opened(link, "first");
        for (int i = 0; i < 10; i++) {
            link.answersBeats(i % 2 == 1);
            time.advance(ofMillis(400));
            link.forgetsWhatWaits();
        }
        assertThat(lost).isEmpty();
        assertThat(session.living()).isPresent();
        assertThat(beaten).contains("missed", "ok");
        endsByItself();
    }

    @Test
    void withItsLinkItIsLostAndToldOnce() {
        present(ofSeconds(60));
        opened(link, "first");
        link.breaks();
        assertThat(session.living()).isEmpty();
        session.linkLost(link, "the connection was lost");
        session.linkLost(link, "the connection was lost");
        assertThat(lost).containsExactly("the connection was lost");
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void oneThatIsAbandonedIsNeverGoneOnWith() {
        opened(link, "first");
        CompletableFuture<Void> dead = session.abandon();
        time.advance(ofMillis(100));
        CompletableFuture<Sid> next = session.open(link);
        time.advance(ofMillis(1_999));
        assertThat(dead).isNotDone();
        assertThat(link.starts).isEqualTo(1);
        time.advance(ofMillis(1));
        assertThat(dead).isCompleted();
        assertThat(link.starts).isEqualTo(2);
        assertThat(link.beats).isZero();
        link.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        endsByItself();
    }

    @Test
    void whoLeavesBeforeItStandsGetsNone() {
        CompletableFuture<Sid> opening = session.open(link);
        session.rest();
        time.advance(Duration.ZERO);
        assertThat(problem(opening).outcome()).isEqualTo(Outcome.NOT_SENT);
        link.starts("late", WINDOW);
        assertThat(session.living()).isEmpty();
        assertThat(session.state()).isEqualTo(new SessionState.None());
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void whoWaitsOnALinkThatIsReplacedIsToldSo() {
        CompletableFuture<Sid> one = session.open(link);
        ScriptedLink other = new ScriptedLink();
        CompletableFuture<Sid> next = session.open(other);
        other.starts("second", WINDOW);
        assertThat(next.join().id()).isEqualTo("second");
        link.starts("late", WINDOW);
        endsByItself();
        assertThat(problem(one).outcome()).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void aMachineThatGivesNoneIsAskedAgainByTheNext() {
        CompletableFuture<Sid> first = session.open(link);
        link.fails(Status.UNKNOWN.withDescription("too many concurrent sessions"));
        assertThat(problem(first).code()).isEqualTo(ProblemCode.MACHINE_UNREACHABLE);
        assertThat(problem(first).outcome()).isEqualTo(Outcome.NOT_SENT);
        assertThat(problem(first).detail()).contains("too many concurrent sessions");
        CompletableFuture<Sid> second = session.open(link);
        link.starts("second", WINDOW);
        assertThat(second.join().id()).isEqualTo("second");
        endsByItself();
    }

    @Test
    void aMachineWithoutSessionsIsNotMovedUnlessThatIsAllowed() {
        CompletableFuture<Sid> refused = session.open(link);
        link.fails(Status.UNIMPLEMENTED);
        assertThat(problem(refused).code()).isEqualTo(ProblemCode.NOT_AVAILABLE_HERE);
        assertThat(session.open(link)).isCompletedExceptionally();
        assertThat(link.starts).isEqualTo(1);

        MachineSession allowed = session(true);
        ScriptedLink first = new ScriptedLink();
        CompletableFuture<Sid> given = allowed.open(first);
        first.fails(Status.UNIMPLEMENTED);
        assertThat(given.join().id()).isNull();
        assertThat(allowed.open(first).join().id()).isNull();
        assertThat(first.starts).isEqualTo(1);
        ScriptedLink second = new ScriptedLink();
        CompletableFuture<Sid> known = allowed.open(second);
        assertThat(second.starts).isEqualTo(1);
        second.starts("after all", WINDOW);
        assertThat(known.join().id()).isEqualTo("after all");
        allowed.rest();
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void anAnsweredCallIsAsGoodAsABeat() {
        present(ofSeconds(60));
        opened(link, "first");
        link.answersBeats(false);
        time.advance(ofMillis(1_900));
        session.heard("first", time.nanos());
        time.advance(ofMillis(600));
        assertThat(lost).isEmpty();
        assertThat(session.living().map(Sid::id)).isEqualTo(Optional.of("first"));
        session.rest();
        assertThat(time.pendingTimers()).isEmpty();
    }

    private void present(Duration forSoLong) {
        presentUntil.set(time.nanos() + forSoLong.toNanos());
    }

    private void opened(ScriptedLink on, String id) {
        CompletableFuture<Sid> opening = session.open(on);
        on.starts(id, WINDOW);
        assertThat(opening.join().id()).isEqualTo(id);
    }

    /** Once nobody is present no timer is left. */
    private void endsByItself() {
        presentUntil.set(time.nanos());
        time.advance(ofMillis(400));
        assertThat(time.pendingTimers()).isEmpty();
    }

    private static Problem problem(CompletableFuture<Sid> failed) {
        return ((ProblemException) failed.exceptionNow()).problem();
    }
}
