package dev.fleetgateway.door;

import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.FakeFleet;
import dev.fleetgateway.status.StatusForTests;
import dev.fleetgateway.time.SystemTime;
import dev.fleetgateway.time.Time;
import jakarta.servlet.http.HttpServletRequest;
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
