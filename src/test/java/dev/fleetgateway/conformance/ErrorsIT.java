package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.conformance.GatewayUnderTest.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Protection.class)
record ErrorsIT(Protection protection) {

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
                        "PLAINTEXT",
                        // The only way yet to a request with a number in it.
                        "gateway.call.reads",
                        "viam.component.board.v1.BoardService/SetPWM"));
        Timeline.of(gateway, GatewayUnderTest.MACHINE).awaitReady(Duration.ofSeconds(20));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        machine.close();
    }

    @Test
    void aResourceTheMachineDoesNotHaveIsUnknownInItsOwnWords() {
        Answer told = gateway.call("/components/motor/m9/IsPowered", "{}");
        assertProblem(told, 404, "resource-unknown", "REJECTED");
        assertThat(told.member("grpcStatus")).isEqualTo("UNKNOWN");
        assertThat(told.member("detail")).isEqualTo("no node found with api rdk:component:motor and name m9");
        assertThat(told.member("machine")).isEqualTo(GatewayUnderTest.MACHINE);
        assertThat(told.member("route")).isEqualTo("LAN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote:m1", "a+b", "a b", "a/b", "100%", "m1?x=1", "Motor Ä", "..", "a;b"})
    void aNameReachesTheMachineAsItIs(String name) {
        Answer told = gateway.call("/components/motor/" + GatewayUnderTest.segment(name) + "/IsPowered", "{}");
        assertProblem(told, 404, "resource-unknown", "REJECTED");
        assertThat(told.member("detail")).isEqualTo("no node found with api rdk:component:motor and name " + name);
    }

    @Test
    void aResourceThatCannotBeBuiltIsUnavailableInTheMachinesWords() {
        Answer told = gateway.call("/components/sensor/" + MachineUnderTest.BROKEN + "/GetReadings", "{}");
        assertProblem(told, 503, "resource-unavailable", "REJECTED");
        assertThat(told.member("detail"))
                .isEqualTo("resource rdk:component:sensor/%s not available; reason=%s"
                        .formatted(MachineUnderTest.BROKEN, MachineUnderTest.WHY_BROKEN));
        assertThat(told.header("Retry-After")).isNotEmpty();
    }

    @Test
    void aMethodTheMachineDoesNotDescribeIsUnknown() {
        assertProblem(gateway.call("/components/motor/m1/GetColour", "{}"), 404, "method-unknown", "NOT_SENT");
        assertProblem(gateway.call("/rpc/acme.v1.Gizmo/GetIt", "{}"), 404, "method-unknown", "NOT_SENT");
    }

    @Test
    void anApiOfWhichThereIsNothingIsUnknown() {
        assertProblem(gateway.call("/components/gantry/x/GetPosition", "{}"), 404, "resource-unknown", "NOT_SENT");
        assertProblem(
                gateway.call("/resources/acme:component:gizmo/x/GetIt", "{}"), 404, "resource-unknown", "NOT_SENT");
    }

    @Test
    void aMethodThatAnswersWithAStreamIsNotAcceptableAsOneAnswer() {
        assertProblem(gateway.call("/components/board/board1/StreamTicks", "{}"), 406, "not-acceptable", "NOT_SENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/components/motor/m1/SetPower",
                "/components/motor/m1/SetRPM",
                "/components/base/base1/SetVelocity",
                "/rpc/viam.component.motor.v1.MotorService/SetPower"
            })
    void aMotionThatOutlastsItsAnswerNeedsALease(String path) {
        assertProblem(gateway.call(path, "{}"), 428, "lease-required", "NOT_SENT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "viam.robot.v1.RobotService/StartSession",
                "viam.robot.v1.RobotService/SendSessionHeartbeat",
                "viam.robot.v1.RobotService/CancelOperation",
                "viam.robot.v1.RobotService/BlockForOperation",
                "proto.rpc.v1.AuthService/Authenticate",
                "viam.service.shell.v1.ShellService/DoCommand"
            })
    void whatTheGatewayKeepsToItselfIsClosed(String method) {
        assertProblem(gateway.call("/rpc/" + method, "{}"), 403, "method-closed", "NOT_SENT");
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsATimeoutOfUnknownOutcome() {
        String path = "/components/sensor/s1/GetReadings";
        assertThat(gateway.call(path, "{}").status()).isEqualTo(200);
        machine.freeze();
        try {
            assertProblem(gateway.call(path, "{}", "Request-Timeout", "300ms"), 504, "call-timeout", "UNKNOWN");
        } finally {
            machine.thaw();
        }
        assertThat(gateway.call(path, "{}").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"NaN\"", "\"Infinity\"", "\"-Infinity\""})
    void aNumberThatIsNotFiniteIsNotSent(String number) {
        Answer told = gateway.call("/components/board/board1/SetPWM", "{\"dutyCyclePct\": %s}".formatted(number));
        assertProblem(told, 400, "request-invalid", "NOT_SENT");
        assertThat(told.member("field")).isEqualTo("dutyCyclePct");
    }

    @Test
    void aFieldThatDoesNotExistIsNamed() {
        Answer told = gateway.call("/components/sensor/s1/GetReadings", "{\"colour\": 1}");
        assertProblem(told, 400, "request-invalid", "NOT_SENT");
        assertThat(told.member("field")).isEqualTo("colour");
    }

    @Test
    void anotherNameInTheBodyThanInThePathIsRefused() {
        Answer told = gateway.call("/components/sensor/s1/GetReadings", "{\"name\": \"s2\"}");
        assertProblem(told, 400, "request-invalid", "NOT_SENT");
        assertThat(told.member("field")).isEqualTo("name");
    }

    @Test
    void whatIsNotForGetIsRefusedThere() {
        Answer told = gateway.get("/api/v1/machines/rover/components/motor/m1/SetPower");
        assertProblem(told, 405, "method-not-allowed", "NOT_SENT");
        assertThat(told.header("Allow")).isEqualTo("POST");
    }

    @Test
    void aMachineThatIsNotThereGetsNothingSent() {
        Timeline.of(gateway, "absent").awaitState("TRANSIENT_FAILURE", "refused", Duration.ofSeconds(10));
        Answer told = gateway.post("/api/v1/machines/absent/components/motor/m1/IsPowered", "{}");
        assertProblem(told, 503, "machine-unreachable", "NOT_SENT");
        assertThat(told.json().get("retryable").asBoolean()).isTrue();
        assertThat(told.header("Retry-After")).isNotEmpty();
        assertProblem(
                gateway.post("/api/v1/machines/nobody/components/motor/m1/IsPowered", "{}"),
                404,
                "machine-unknown",
                "NOT_SENT");
    }

    @Test
    void theOperationToldIsTheOneTheMachineSees() {
        machine.slowDownPointClouds();
        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (DirectMachine direct = machine.direct()) {
            await().atMost(Duration.ofSeconds(20)).pollDelay(Duration.ZERO).until(() -> {
                CompletableFuture<Answer> told = CompletableFuture.supplyAsync(
                        () -> gateway.call("/components/camera/cam1/GetPointCloud", "{}"));
                while (!told.isDone()) {
                    Inventory.read(direct, "GetOperations")
                            .get("operations")
                            .forEach(each -> seen.add(each.get("id").asString()));
                }
                return seen.contains(told.join().header("Gateway-Operation"));
            });
        }
    }

    private static void assertProblem(Answer told, int status, String code, String outcome) {
        assertThat(told.member("code")).as("%.400s", told.body()).isEqualTo(code);
        assertThat(told.status()).isEqualTo(status);
        assertThat(told.member("outcome")).isEqualTo(outcome);
        assertThat(told.header("Content-Type")).startsWith("application/problem+json");
    }
}
