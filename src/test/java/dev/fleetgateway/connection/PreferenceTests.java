package dev.fleetgateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.time.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PreferenceTests {

    private static final Duration HYSTERESIS = Duration.ofSeconds(10);

    private static final Dialer.Dial STILL = new Dialer.Dial() {
        @Override
        public void close() {}

        @Override
        public void retire() {}
    };

    private final FakeTime time = new FakeTime();
    private final FakeLink carrying = link(Route.Kind.INTERNET);
    private final Line carrier = line(carrying);
    private FakeLink beside = link(Route.Kind.INTERNET);
    private Line standby = line(beside);

    private FakeLink link(Route.Kind kind) {
        return new FakeLink(candidate(kind), time);
    }

    private static Candidate candidate(Route.Kind kind) {
        return new Candidate(
                kind, Route.Via.SIGNALING, Route.Transport.WEBRTC, "app.example:443", Candidate.State.TRYING, "", null);
    }

    private Line line(FakeLink link) {
        Line line = new Line(link, STILL, candidate(link.route().kind()), null, time);
        line.heard();
        return line;
    }

    private void standsBy(Route.Kind kind) {
        beside = link(kind);
        standby = line(beside);
    }

    private Preference preference(boolean pinned) {
        return Preference.of(carrier, standby, pinned, HYSTERESIS);
    }

    @Test
    void oneThatIsNoBetterStaysBeside() {
        assertThat(preference(false)).isEqualTo(new Preference.Stay());
    }

    @Test
    void aWornOneIsLeftForAFreshOneOfTheSameRankWithoutWaiting() {
        carrying.worn = true;
        assertThat(preference(false))
                .isInstanceOfSatisfying(
                        Preference.Move.class,
                        move -> assertThat(move.because()).contains("worn"));
    }

    @Test
    void aWornOneIsNotLeftForAnother() {
        carrying.worn = true;
        beside.worn = true;
        assertThat(preference(false)).isEqualTo(new Preference.Stay());
    }

    @Test
    void aWornOneIsNotLeftForAWorse() {
        FakeLink near = link(Route.Kind.LAN);
        near.worn = true;
        assertThat(Preference.of(line(near), standby, false, HYSTERESIS)).isEqualTo(new Preference.Stay());
    }

    @Test
    void aWornOneIsNotLeftUnderALeaseNorBeforeTheFreshOneHasAnswered() {
        carrying.worn = true;
        assertThat(preference(true)).isEqualTo(new Preference.Stay());
        Line silent = new Line(beside, STILL, standby.candidate(), null, time);
        assertThat(Preference.of(carrier, silent, false, HYSTERESIS)).isEqualTo(new Preference.Stay());
    }

    @Test
    void aBetterOneHasToStayThoughTheOtherIsWorn() {
        carrying.worn = true;
        standsBy(Route.Kind.LAN);
        assertThat(preference(false)).isEqualTo(new Preference.Wait(HYSTERESIS));
    }
}
