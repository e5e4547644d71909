package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static dev.fleetgateway.lease.LeasedFleet.throughout;
import static dev.fleetgateway.lease.Rover.MOTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.LeasedFleet.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Leases of pages and programs that move machines by a socket: presence is what they send, and the socket is a seat. */
class SocketLeaseIT {

    private static final Duration WINDOW = Duration.ofSeconds(2);

    private static LeasedFleet fleet;

    @BeforeAll
    static void start() {
        fleet = LeasedFleet.of(16);
    }

    @AfterAll
    static void stop() {
        fleet.close();
    }

    @Test
    void aBeatIsPresence() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), WINDOW);
            assertThat(page.power(rover.name(), "m1", lease).join().has("result"))
                    .isTrue();
            throughout(WINDOW.multipliedBy(2), "it goes on", () -> rover.moves("m1"));
            JsonNode released = page.ask("lease.release", "{\"lease\":\"%s\"}".formatted(lease))
                    .join();
            assertThat(rover.stands()).isTrue();
            assertThat(released.at("/result/stop/outcome").asString()).isEqualTo("STOPPED");
            assertThat(page.told("lease.lost")).isEmpty();
        }
    }

    @Test
    void aPageThatFreezesLosesItsLeaseThoughItsSocketLives() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), WINDOW);
            page.power(rover.name(), "m1", lease).join();
            page.freeze();
            eventually("it is told", () -> !page.told("lease.lost").isEmpty());
            assertThat(rover.stands()).isTrue();
            JsonNode lost = page.told("lease.lost").getFirst();
            assertThat(lost.at("/machine").asString()).isEqualTo(rover.name());
            assertThat(lost.at("/reason").asString()).isEqualTo("EXPIRED");
            assertThat(lost.at("/stop/outcome").asString()).isEqualTo("STOPPED");
            assertThat(code(page.power(rover.name(), "m1", lease).join())).isEqualTo("lease-lost");
        }
    }

    @Test
    void whoseLeaseIsTakenIsTold() {
        Rover rover = fleet.rover();
        try (SocketCaller one = fleet.socket();
                SocketCaller other = fleet.socket()) {
            String lease = one.acquire(rover.name(), WINDOW);
            one.power(rover.name(), "m1", lease).join();
            JsonNode taken = other.ask("lease.take", "{\"machine\":\"%s\",\"reason\":\"mine\"}".formatted(rover.name()))
                    .join();
            boolean stood = rover.stands();
            assertThat(taken.at("/result/stop/outcome").asString())
                    .as(taken.toString())
                    .isEqualTo("STOPPED");
            assertThat(stood).isTrue();
            eventually("it is told", () -> !one.told("lease.lost").isEmpty());
            assertThat(one.told("lease.lost").getFirst().at("/reason").asString())
                    .isEqualTo("TAKEN");
            assertThat(one.told("lease.lost").getFirst().at("/stop/outcome").asString())
                    .isEqualTo("STOPPED");
            assertThat(code(one.power(rover.name(), "m1", lease).join())).isEqualTo("lease-stale");
            String mine = taken.at("/result/id").asString();
            assertThat(other.power(rover.name(), "m1", mine).join().has("result"))
                    .isTrue();
        }
    }

    @Test
    void whoIsStoppedByAnotherIsToldAndResumes() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), WINDOW);
            page.power(rover.name(), "m1", lease).join();
            assertThat(rover.stop().member("outcome")).isEqualTo("STOPPED");
            eventually("it is told", () -> !page.told("lease.lost").isEmpty());
            JsonNode lost = page.told("lease.lost").getFirst();
            assertThat(lost.at("/reason").asString()).isEqualTo("STOPPED");
            assertThat(lost.at("/stop/outcome").asString()).isEqualTo("STOPPED");
            assertThat(code(page.power(rover.name(), "m1", lease).join())).isEqualTo("lease-stopped");
            JsonNode resumed = page.ask("lease.resume", "{\"lease\":\"%s\"}".formatted(lease))
                    .join();
            assertThat(resumed.has("result")).as(resumed.toString()).isTrue();
            assertThat(page.power(rover.name(), "m1", lease).join().has("result"))
                    .isTrue();
            assertThat(rover.moves("m1")).isTrue();
        }
    }

    @Test
    void aStopOnTheHoldersOwnSocketIsHisOwn() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), WINDOW);
            page.power(rover.name(), "m1", lease).join();
            JsonNode stopped = page.ask("stop", "{\"machine\":\"%s\"}".formatted(rover.name()))
                    .join();
            assertThat(stopped.at("/result/outcome").asString()).isEqualTo("STOPPED");
            assertThat(page.power(rover.name(), "m1", lease).join().has("result"))
                    .isTrue();
            assertThat(page.told("lease.lost")).isEmpty();
        }
    }

    @Test
    void aSocketThatItsCallerClosesTakesItsLeaseWithIt() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), Duration.ofSeconds(10));
            page.power(rover.name(), "m1", lease).join();
            page.hangUp();
            eventually("it is told", () -> rover.lastStop().equals("SOCKET_CLOSED"));
            assertThat(rover.stands()).isTrue();
            Answer next = rover.askForLease(WINDOW);
            assertThat(next.status()).as(next.body()).isEqualTo(201);
        }
    }

    @Test
    void aSocketThatIsLostTakesItsLeaseWithIt() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), Duration.ofSeconds(10));
            page.power(rover.name(), "m1", lease).join();
            page.vanish();
            eventually("it is told", () -> rover.lastStop().equals("SOCKET_CLOSED"));
            assertThat(rover.stands()).isTrue();
        }
    }

    @Test
    void aCallInFlightEndsWithItsSocketAndItsMotorStands() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), Duration.ofSeconds(10));
            var _ = page.call(
                    rover.name(),
                    "rdk:component:motor/m1",
                    "GoFor",
                    "{\"rpm\":10,\"revolutions\":10}",
                    ",\"lease\":\"%s\"".formatted(lease));
            eventually("it moves", () -> rover.moves("m1"));
            page.vanish();
            eventually("it stands", rover::stands);
            eventually(
                    "it has ended",
                    () -> rover.picture().at("/operations/inFlight").asInt() == 0);
        }
    }

    @Test
    void aCallWithoutALeaseEndsWithItsSocketAndItsMotorStands() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            var _ = page.call(
                    rover.name(),
                    "rdk:component:arm/arm1",
                    "MoveToJointPositions",
                    "{\"positions\":{\"values\":[90,90,90,90,90,90]}}",
                    "");
            eventually("it moves", () -> rover.moves("arm1"));
            page.vanish();
            eventually("it stands", rover::stands);
        }
    }

    @Test
    void aCancelledCallIsStoppedAndSaysSo() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            String lease = page.acquire(rover.name(), WINDOW);
            CompletableFuture<JsonNode> motion = page.call(
                    rover.name(),
                    "rdk:component:motor/m1",
                    "GoFor",
                    "{\"rpm\":10,\"revolutions\":10}",
                    ",\"lease\":\"%s\"".formatted(lease));
            eventually("it moves", () -> rover.moves("m1"));
            // The motion was the second that was asked on this socket, after the lease.
            assertThat(page.ask("cancel", "{\"call\":2}")
                            .join()
                            .at("/result/cancelled")
                            .asBoolean())
                    .isTrue();
            JsonNode cut = motion.join().at("/error/data");
            assertThat(cut.at("/code").asString()).as(cut.toString()).isEqualTo("call-interrupted");
            assertThat(cut.at("/by").asString()).isEqualTo("CANCEL");
            assertThat(cut.at("/outcome").asString()).isEqualTo("INTERRUPTED");
            assertThat(cut.at("/stop/outcome").asString()).isEqualTo("STOPPED");
            assertThat(rover.stands()).isTrue();
            assertThat(page.power(rover.name(), "m1", lease).join().has("result"))
                    .isTrue();
        }
    }

    @Test
    void aHeldMotionOfASocketEndsByItself() {
        Rover rover = fleet.rover();
        try (SocketCaller page = fleet.socket()) {
            JsonNode held = page.call(
                            rover.name(),
                            "rdk:component:motor/m1",
                            "SetPower",
                            "{\"powerPct\":0.5}",
                            ",\"holdMillis\":600")
                    .join();
            assertThat(held.at("/result/heldUntil").asString(""))
                    .as(held.toString())
                    .isNotEmpty();
            assertThat(rover.executed(MOTOR + "SetPower")).hasSize(1);
            eventually("it is stopped", () -> rover.lastStop().equals("HOLD_ENDED"));
            assertThat(rover.stands()).isTrue();
        }
    }

    @Test
    void aLeaseMayGoOnOnAnotherSocketInsideItsWindow() {
        Rover rover = fleet.rover();
        try (SocketCaller other = fleet.socket()) {
            Holder holder = rover.acquire();
            holder.power("m1");
            JsonNode resumed = other.ask("lease.resume", "{\"lease\":\"%s\"}".formatted(holder.id()))
                    .join();
            assertThat(resumed.has("result")).as(resumed.toString()).isTrue();
            holder.falls();
            other.beat(holder.id(), WINDOW);
            throughout(WINDOW.multipliedBy(2), "it goes on", () -> rover.moves("m1"));
            other.hangUp();
            eventually("it ends with its new socket", () -> rover.lastStop().equals("SOCKET_CLOSED"));
            assertThat(rover.stands()).isTrue();
        }
    }

    private static String code(JsonNode answer) {
        return answer.at("/error/data/code").asString("");
    }
}
