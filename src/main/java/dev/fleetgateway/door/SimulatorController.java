package dev.fleetgateway.door;

import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.simulator.DemoFleet;
import dev.fleetgateway.simulator.Fault;
import dev.fleetgateway.simulator.SimulatedMachine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Makes things go wrong with the machines of the demo, and mends them. */
@RestController
@Profile("demo")
@RequestMapping("/api/v1/simulator/machines/{name}/faults")
class SimulatorController {

    private static final long LONGEST_DELAY_MILLIS = 600_000;

    private final DemoFleet fleet;

    SimulatorController(DemoFleet fleet) {
        this.fleet = fleet;
    }

    /** What is to go wrong; {@code method} and {@code millis} are for {@code DELAY}, {@code method} for {@code HANG} too. */
    record FaultRequest(
            @Nullable Fault fault,
            @Nullable String method,
            @Nullable Long millis) {}

    @PostMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void inject(@PathVariable String name, @RequestBody FaultRequest request) {
        SimulatedMachine machine = machine(name);
        Fault fault = request.fault();
        if (fault == null) {
            throw new ProblemException(Problem.invalid("fault", "The member fault is missing."));
        }
        if (request.method() != null && fault != Fault.DELAY && fault != Fault.HANG) {
            throw new ProblemException(Problem.invalid("method", "The member method is for DELAY and HANG only."));
        }
        if (request.millis() != null && fault != Fault.DELAY) {
            throw new ProblemException(Problem.invalid("millis", "The member millis is for DELAY only."));
        }
        switch (fault) {
            case HANG -> machine.hang(request.method());
            case DELAY -> machine.delay(request.method(), delay(request.millis()));
            case RESTART -> machine.restart();
            case POWER_OFF -> machine.powerOff();
            case REFUSE_AUTH -> machine.refuseAuth();
            case LOSE_INTERNET -> machine.loseInternet();
            case LEAVE_LAN -> machine.leaveLan();
            case HALF_OPEN -> machine.halfOpen();
            case SLOW_LINK -> machine.slowLink();
            case SIGNALING_DOWN -> machine.signalingDown();
            case WRONG_CERTIFICATE -> wrongCertificate(machine);
            case MISS_HEARTBEATS -> machine.missHeartbeats();
        }
    }

    @DeleteMapping
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void mend(@PathVariable String name) {
        machine(name).mend();
    }

    private static void wrongCertificate(SimulatedMachine machine) {
        if (machine.caPem().isEmpty()) {
            throw new ProblemException(
                    Problem.invalid("fault", machine.name() + " speaks plaintext and has no certificate."));
        }
        machine.wrongCertificate();
    }

    private static Duration delay(@Nullable Long millis) {
        if (millis == null || millis < 0 || millis > LONGEST_DELAY_MILLIS) {
            throw new ProblemException(
                    Problem.invalid("millis", "DELAY needs millis from 0 to " + LONGEST_DELAY_MILLIS + "."));
        }
        return Duration.ofMillis(millis);
    }

    private SimulatedMachine machine(String name) {
        return fleet.machine(name)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        ProblemCode.MACHINE_UNKNOWN, "There is no simulated machine named '" + name + "'.")));
    }
}
