package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallLimitsTests {

    private final CallLimits limits = new CallLimits(new CallSettings(
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            2,
            3,
            3,
            List.of(),
            List.of(),
            List.of()));

    @Test
    void whatIsOverTheLimitOfAResourceIsRefusedWithTheSettingsName() {
        limits.onMachine("rover", "m1");
        limits.onMachine("rover", "m1");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.onMachine("rover", "m1"))
                .satisfies(e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.MACHINE_BUSY);
                    assertThat(e.problem().outcome()).isEqualTo(Outcome.NOT_SENT);
                    assertThat(e.problem().detail()).contains("max-in-flight-per-resource");
                });
        assertThat(limits.onMachine("rover")).isEqualTo(2);
    }

    @Test
    void oneMachinesLimitIsThatMachinesAlone() {
        limits.onMachine("rover", "m1");
        limits.onMachine("rover", "m2");
        limits.onMachine("rover", "m3");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.onMachine("rover", "m4"))
                .withMessageContaining("max-streams-per-machine");
        assertThat(limits.onMachine("other", "m1")).isNotNull();
    }

    @Test
    void aPlaceGivenBackTwiceIsGivenBackOnce() {
        CallLimits.Permit first = limits.ofCaller("alice");
        limits.ofCaller("alice");
        limits.ofCaller("alice");
        first.release();
        first.release();
        limits.ofCaller("alice");
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> limits.ofCaller("alice"))
                .withMessageContaining("max-in-flight-per-caller");
    }
}
