package dev.fleetgateway.door;

import dev.fleetgateway.cloud.CloudSettings;
import dev.fleetgateway.cloud.CloudWatch;
import dev.fleetgateway.cloudlink.CloudLinks;
import dev.fleetgateway.cloudlink.SyncSettings;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.history.HistoryForTests;
import dev.fleetgateway.machine.ConfiguredFleet;
import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.network.Networks;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.route.Names;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.StatusForTests;
import dev.fleetgateway.time.SystemTime;
import dev.fleetgateway.time.Time;
import dev.fleetgateway.uplink.UplinkWatch;
import jakarta.servlet.http.HttpServletRequest;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The news half of the door over a fleet that does what the test says. Not annotated, so that no scan finds it. */
@EnableAutoConfiguration
@Import({
    StatusForTests.class,
    CloudLinks.class,
    CloudWatch.class,
    TlsContexts.class,
    UplinkWatch.class,
    UplinkController.class,
    HistoryForTests.class,
    HistoryController.class,
    NewsDoor.class,
    MachinesController.class,
    StopController.class,
    EventsController.class,
    LeaseDoor.class,
    LeaseController.class
})
class DoorUnderTest {

    @Bean
    Time time() {
        return new SystemTime();
    }

    @Bean
    SyncSettings syncSettings() {
        return new SyncSettings(Duration.ofSeconds(60));
    }

    /** The cloud is not asked. */
    @Bean
    CloudSettings cloudSettings() {
        return new CloudSettings("app.example", null, null, Duration.ofMinutes(5), null);
    }

    @Bean
    RouteKinds routeKinds() {
        return new RouteKinds(List::of, List.of());
    }

    /** Nobody is looked up. */
    @Bean
    Names names() {
        return new Names(
                host -> {
                    throw new UnknownHostException(host);
                },
                Runnable::run);
    }

    @Bean
    Networks networks() {
        return List::of;
    }

    /** Nobody in it needs the internet. */
    @Bean
    Fleet machines(Time time) {
        return new ConfiguredFleet(List.of(), time);
    }

    @Bean
    String replica() {
        return "gateway-0";
    }

    @Bean
    FakeFleet fleet(Time time) {
        return new FakeFleet(time);
    }

    @Bean
    FakeCommands commands() {
        return new FakeCommands();
    }

    @Bean
    FakeLeases leases() {
        return new FakeLeases();
    }

    @Bean
    Told told() {
        return new Told();
    }

    /** Tells a problem as its members. */
    @RestControllerAdvice
    static class Told {

        @ExceptionHandler
        ResponseEntity<byte[]> problem(ProblemException e, HttpServletRequest request) {
            return ResponseEntity.status(e.problem().code().status())
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(Json.bytes(e.problem().toMembers(request.getRequestURI(), null)));
        }
    }
}
