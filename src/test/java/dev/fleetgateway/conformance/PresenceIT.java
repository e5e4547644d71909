package dev.fleetgateway.conformance;

import static dev.fleetgateway.conformance.GatewayUnderTest.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fleetgateway.conformance.GatewayUnderTest.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Protection.class)
record PresenceIT(Protection protection) {

    private static final String LEASE = "/api/v1/machines/" + MACHINE + "/lease";
    private static final String ENDLESS = "{\"rpm\": 10, \"revolutions\": 1000}";
    private static final Duration SOON = Duration.ofSeconds(10);

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;
    private static ScheduledExecutorService beats;

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.start(protection);
        gateway = GatewayUnderTest.before(machine, Map.of("gateway.call.max-unleased-motion", "1s"));
        Timeline.of(gateway, MACHINE).awaitReady(Duration.ofSeconds(20));
        beats = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        beats.shutdownNow();
        gateway.close();
        machine.close();
    }

    @Test
    void aMotorUnderALeaseStandsWhenItsHolderIsNotHeardOf() {
        String lease = acquire();
        assertThat(power("m1", lease).status()).isEqualTo(200);
        assertThat(isPowered("m1")).isTrue();
        await().atMost(SOON).until(() -> !isPowered("m1"));
        Answer late = power("m1", lease);
        assertThat(late.member("code")).as(late.body()).isEqualTo("lease-lost");
        assertThat(late.member("outcome")).isEqualTo("NOT_SENT");
    }

    @Test
    void aHolderWhoIsHeardOfKeepsItTurningFarBeyondTheMachinesWindow() {
        try (Held lease = held()) {
            assertThat(power("m1", lease.id()).status()).isEqualTo(200);
            await().during(Duration.ofSeconds(4)).atMost(SOON).until(() -> isPowered("m1"));
            assertThat(gateway.picture(MACHINE).at("/lease/protection").asString())
                    .isEqualTo("ACTIVE");
        }
    }

    @Test
    void whatTheMachineCallsDoneIsInterruptedWhereItWasStopped() {
        try (Held lease = held()) {
            CompletableFuture<Answer> running = CompletableFuture.supplyAsync(
                    () -> gateway.call("/components/motor/m1/GoFor", ENDLESS, "Gateway-Lease", lease.id()));
            await().atMost(SOON).until(() -> isPowered("m1"));
            Answer stopped = gateway.call("/stop", "");
            assertThat(stopped.member("outcome")).as(stopped.body()).isEqualTo("STOPPED");
            Answer told = running.join();
            assertThat(told.status()).as(told.body()).isEqualTo(409);
            assertThat(told.member("code")).isEqualTo("call-interrupted");
            assertThat(told.member("outcome")).isEqualTo("INTERRUPTED");
            assertThat(told.member("by")).isEqualTo("STOP");
            assertThat(power("m1", lease.id()).member("code")).isEqualTo("lease-stopped");
            assertThat(gateway.patch(LEASE, "{\"resume\": true}", "Gateway-Lease", lease.id())
                            .status())
                    .isEqualTo(200);
            assertThat(power("m1", lease.id()).status()).isEqualTo(200);
        }
    }

    @Test
    void aDeadlineLeavesNoPowerOn() {
        try (Held lease = held()) {
            Answer told = gateway.call(
                    "/components/motor/m1/GoFor", ENDLESS, "Gateway-Lease", lease.id(), "Request-Timeout", "400ms");
            // At its own deadline a real machine answers OK and leaves the power on: it must not come to that.
            assertThat(told.member("code")).as(told.body()).isEqualTo("call-timeout");
            assertThat(told.member("outcome")).isEqualTo("UNKNOWN");
            assertThat(told.json().at("/stop/outcome").asString()).isEqualTo("STOPPED");
            assertThat(isPowered("m1")).isFalse();
        }
    }

    @Test
    void withoutALeaseAMotionIsCutShortAtItsLimit() {
        Answer told = gateway.call("/components/motor/m1/GoFor", ENDLESS);
        assertThat(told.member("by")).as(told.body()).isEqualTo("UNLEASED_LIMIT");
        assertThat(told.member("outcome")).isEqualTo("INTERRUPTED");
        assertThat(told.json().at("/stop/outcome").asString()).isEqualTo("STOPPED");
        assertThat(isPowered("m1")).isFalse();
        assertThat(gateway.call("/components/motor/m1/GoFor", "{\"rpm\": 100, \"revolutions\": 0.5}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void theNextLeaseIsNotStoppedByTheDeathOfTheSessionBefore() {
        try (Held first = held()) {
            assertThat(power("m1", first.id()).status()).isEqualTo(200);
        }
        try (Held second = held()) {
            Answer driven = gateway.call(
                    "/components/base/base1/SetPower",
                    "{\"linear\": {\"x\": 0, \"y\": 1, \"z\": 0}, \"angular\": {\"x\": 0, \"y\": 0, \"z\": 0}}",
                    "Gateway-Lease",
                    second.id());
            assertThat(driven.status()).as(driven.body()).isEqualTo(200);
            await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> isPowered("m1") && isPowered("m2"));
        }
        await().atMost(SOON).until(() -> !isPowered("m1") && !isPowered("m2"));
    }

    @Test
    void holdIsStoppedThen() {
        Answer told = gateway.call("/components/motor/m1/SetPower?hold=500ms", "{\"powerPct\": 1}");
        assertThat(told.status()).as(told.body()).isEqualTo(200);
        assertThat(told.header("Gateway-Hold-Until")).isNotEmpty();
        await().atMost(SOON)
                .until(() -> gateway.picture(MACHINE)
                        .at("/lastStop/reason")
                        .asString("")
                        .equals("HOLD_ENDED"));
        assertThat(isPowered("m1")).isFalse();
    }

    /** A lease whose holder is present until it is closed, and which is then given back. */
    private record Held(String id, java.util.concurrent.Future<?> beating) implements AutoCloseable {

        @Override
        public void close() {
            beating.cancel(false);
            gateway.delete(LEASE, "Gateway-Lease", id);
        }
    }

    private static Held held() {
        String id = acquire();
        return new Held(
                id,
                beats.scheduleAtFixedRate(
                        () -> gateway.patch(LEASE, "{}", "Gateway-Lease", id), 400, 400, TimeUnit.MILLISECONDS));
    }

    private static String acquire() {
        Answer granted = gateway.post(LEASE, "{}");
        assertThat(granted.status()).as(granted.body()).isEqualTo(201);
        return granted.member("id");
    }

    private static Answer power(String motor, String lease) {
        return gateway.call("/components/motor/" + motor + "/SetPower", "{\"powerPct\": 1}", "Gateway-Lease", lease);
    }

    private static boolean isPowered(String motor) {
        return gateway.call("/components/motor/" + motor + "/IsPowered", "{}")
                .json()
                .get("isOn")
                .asBoolean();
    }
}
