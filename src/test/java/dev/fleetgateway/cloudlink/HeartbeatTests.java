package dev.fleetgateway.cloudlink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.cloudlink.Heartbeat.Phase;
import dev.fleetgateway.time.Moment;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTests {

    private static final Duration TEN = Duration.ofSeconds(10);

    private final Sign machine = new Sign();

    private Moment at(int seconds) {
        return new Moment(Duration.ofSeconds(seconds).toNanos(), Sign.START.plusSeconds(seconds));
    }

    @Test
    void ofAFirstLookNothingFollows() {
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        assertThat(machine.heartbeat.rhythm()).isEmpty();
    }

    @Test
    void oneMoveIsNoContactAndTwoAre() {
        machine.watched(TEN).hears().look().watched(Duration.ofSeconds(9));
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.unwatched(Duration.ofSeconds(1)).hears().look();
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(10));
        assertThat(((Phase.Contact) machine.phase()).again()).isFalse();
        assertThat(machine.heartbeat.rhythm()).contains(TEN);
    }

    @Test
    void contactIsLostAfterAMinuteWhereTheRhythmIsShort() {
        machine.hears(3, TEN);
        machine.watched(Duration.ofSeconds(50));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        machine.watched(Duration.ofSeconds(5));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(20), true));
    }

    @Test
    void contactIsLostLaterWhereTheRhythmIsLong() {
        Duration minute = Duration.ofSeconds(60);
        machine.hears(4, minute);
        machine.watched(Duration.ofSeconds(95));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        machine.watched(Duration.ofSeconds(5));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(180), true));
    }

    @Test
    void aRhythmOfAMinuteThatIsNotKnownYetIsNotTakenForAbsence() {
        machine.hears(3, Duration.ofSeconds(60));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
    }

    @Test
    void aSlowCloudIsNoAbsentOne() {
        machine.hears(100, Duration.ofSeconds(18));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
    }

    @Test
    void onePollOfTheCloudThatHangsCostsNothing() {
        machine.hears(3, TEN).watched(Duration.ofSeconds(25)).hears(3, TEN);
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(10));
    }

    @Test
    void whatNeverMovedSinceItWasBuiltIsAwayAfterAMinuteThoughNoRhythmIsKnown() {
        machine.starts().watched(Duration.ofSeconds(60));
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.watched(Duration.ofSeconds(5));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(0), false));
    }

    @Test
    void whatMovedBeforeAnybodyLookedMayHaveASlowRhythm() {
        machine.watched(Duration.ofSeconds(155));
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.watched(Duration.ofSeconds(5));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(0), false));
    }

    @Test
    void whoReturnsIsInContactSinceTheFirstOfTwoMoves() {
        machine.hears(3, TEN).watched(Duration.ofMinutes(5));
        machine.hears().look().watched(TEN);
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(20), true));
        machine.hears().look();
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(330));
        assertThat(((Phase.Contact) machine.phase()).again()).isTrue();
    }

    @Test
    void aStartWithoutTheInternetIsNoContact() {
        machine.hears(3, TEN).watched(Duration.ofMinutes(5)).starts();
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.watched(Duration.ofSeconds(65));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(330), false));
    }

    @Test
    void aStartThatTakesAMomentDoesNotEndContact() {
        machine.hears(3, TEN).unwatched(Duration.ofSeconds(3)).starts().watched(TEN);
        machine.hears(2, TEN);
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(10));
    }

    @Test
    void anotherConfigurationIsNoSecondMove() {
        machine.watched(TEN).hears().look().watched(TEN).starts().watched(TEN);
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
    }

    @Test
    void aClockThatJumpsByADayChangesNothing() {
        machine.hears(5, TEN);
        machine.ahead = Duration.ofDays(1);
        machine.hears(5, TEN);
        machine.ahead = Duration.ofDays(-1);
        machine.hears(5, TEN);
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(10));
        assertThat(machine.heartbeat.rhythm()).contains(TEN);
        machine.watched(Duration.ofSeconds(65));
        assertThat(machine.phase()).isInstanceOf(Phase.Away.class);
    }

    @Test
    void aValueThatIsTheSameAfterALongAbsenceHasStoodStillAllTheTime() {
        machine.hears(3, TEN).unwatched(Duration.ofMinutes(10)).look();
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(20), true));
    }

    @Test
    void aValueThatMovedWhileNobodyLookedIsOneMove() {
        machine.hears(3, TEN)
                .unwatched(Duration.ofMinutes(10))
                .hears()
                .unwatched(Duration.ofSeconds(3))
                .look();
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.unwatched(Duration.ofSeconds(7)).hears().look();
        assertThat(((Phase.Contact) machine.phase()).since()).isEqualTo(at(633));
    }

    @Test
    void aRhythmOfMinutesIsLearnedFromTwoGapsThatAreTheSame() {
        Duration five = Duration.ofMinutes(5);
        machine.watched(TEN).hears(2, five);
        assertThat(machine.phase()).isInstanceOf(Phase.Away.class);
        machine.hears(10, five);
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(machine.heartbeat.rhythm()).contains(five);
    }

    @Test
    void twoAbsencesThatDifferAreNoRhythm() {
        machine.hears(3, TEN).watched(Duration.ofMinutes(4)).hears().look().watched(Duration.ofMinutes(5));
        machine.hears().look();
        assertThat(machine.phase()).isInstanceOf(Phase.Away.class);
        assertThat(machine.heartbeat.rhythm()).contains(TEN);
    }

    @Test
    void aRhythmThatBecomesSlowerIsLearnedAnew() {
        machine.hears(5, TEN).hears(6, Duration.ofSeconds(40));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(machine.heartbeat.rhythm()).contains(Duration.ofSeconds(40));
    }

    @Test
    void aRhythmIsForgottenWithTheLifeItWasLearnedIn() {
        machine.hears(5, TEN).starts().watched(Duration.ofSeconds(18)).hears(4, Duration.ofSeconds(90));
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(machine.heartbeat.rhythm()).contains(Duration.ofSeconds(90));
    }

    @Test
    void whatStoodStillWhileTheMachineWasBusyCountsFromTheEndOfThat() {
        machine.hears(3, TEN).busy(Duration.ofMinutes(5)).watched(Duration.ofSeconds(55));
        assertThat(machine.phase()).isEqualTo(new Phase.Learning());
        machine.watched(Duration.ofSeconds(10));
        assertThat(machine.phase()).isEqualTo(new Phase.Away(at(330), true));
    }

    @Test
    void whoComesBackFromBeingBusyWasNeverAway() {
        machine.hears(3, TEN).busy(Duration.ofMinutes(5)).hears(2, TEN);
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
        assertThat(((Phase.Contact) machine.phase()).again()).isFalse();
    }

    @Test
    void aMachineThatIsAlwaysBusyAndHearsFromItsCloudIsInContact() {
        for (int i = 0; i < 4; i++) {
            machine.hears().look().busy(TEN);
        }
        assertThat(machine.phase()).isInstanceOf(Phase.Contact.class);
    }

    @Test
    void itsMemoryIsBounded() {
        machine.hears(50, TEN);
        assertThat(machine.heartbeat.gaps()).hasSize(5);
    }
}
