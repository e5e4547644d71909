package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.conformance.GatewayUnderTest.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Protection.class)
record StopIT(Protection protection) {

    private static final String MOTOR = "viam.component.motor.v1.MotorService";

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.start(protection);
        gateway = GatewayUnderTest.before(
                machine,
                Map.of(
                        "gateway.machines.absent.address",
                        "127.0.0.1:1",
                        "gateway.machines.absent.tls.mode",
                        "PLAINTEXT"));
        Timeline.of(gateway, GatewayUnderTest.MACHINE).awaitReady(Duration.ofSeconds(20));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        machine.close();
    }

    @Test
    void aStopStopsWhatOthersMoved() {
        power("m1");
        power("m2");
        assertThat(isPowered("m1")).isTrue();
        Answer told = gateway.call("/stop", "");
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        assertThat(told.member("machine")).isEqualTo(GatewayUnderTest.MACHINE);
        assertThat(told.member("outcome")).isIn("STOPPED", "NOT_VERIFIED");
        assertThat(told.json()
                        .get("resources")
                        .valueStream()
                        .map(each -> each.get("resource").asString()))
                .contains("rdk:component:motor/m1", "rdk:component:motor/m2", "rdk:component:base/base1");
        assertThat(isPowered("m1")).isFalse();
        assertThat(isPowered("m2")).isFalse();
        assertThat(gateway.picture(GatewayUnderTest.MACHINE)
                        .at("/lastStop/outcome")
                        .asString())
                .isEqualTo(told.member("outcome"));
    }

    @Test
    void stopOfOneMotorLeavesTheOtherTurning() {
        power("m1");
        power("m2");
        assertThat(gateway.call("/components/motor/m1/Stop", "{}").status()).isEqualTo(200);
        assertThat(isPowered("m1")).isFalse();
        assertThat(isPowered("m2")).isTrue();
        assertThat(gateway.call("/components/motor/m2/Stop", "{}").status()).isEqualTo(200);
    }

    @Test
    void stopAllIsOpenOnTheRawWay() {
        power("m1");
        Answer told = gateway.call("/rpc/viam.robot.v1.RobotService/StopAll", "{}");
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        assertThat(isPowered("m1")).isFalse();
    }

    @Test
    void aStopThatCannotBeToldSaysSo() {
        Timeline.of(gateway, "absent").awaitState("TRANSIENT_FAILURE", "refused", Duration.ofSeconds(10));
        Answer told = gateway.post("/api/v1/machines/absent/stop", "");
        assertThat(told.status()).isEqualTo(502);
        assertThat(told.member("code")).isEqualTo("stop-incomplete");
        assertThat(told.json().at("/stop/outcome").asString()).isEqualTo("FAILED");
    }

    private static void power(String motor) {
        try (DirectMachine direct = machine.direct()) {
            direct.call(MOTOR, "SetPower", "{\"name\": \"%s\", \"powerPct\": 0.5}".formatted(motor))
                    .answer();
        }
    }

    private static boolean isPowered(String motor) {
        return gateway.call("/components/motor/" + motor + "/IsPowered", "{}")
                .json()
                .get("isOn")
                .asBoolean();
    }
}
