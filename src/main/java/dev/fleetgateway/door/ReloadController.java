package dev.fleetgateway.door;

import dev.fleetgateway.machine.Fleet;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.problem.SettingsException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Has the sources of the fleet read again. What they say is taken whole or not at all. */
@RestController
class ReloadController {

    private final Fleet fleet;

    ReloadController(Fleet fleet) {
        this.fleet = fleet;
    }

    record Reloaded(int machines) {}

    @PostMapping("/api/v1/reload")
    Reloaded reload(HttpServletRequest request) {
        StrictParameters.of(request);
        try {
            fleet.reload();
        } catch (SettingsException e) {
            throw new ProblemException(
                    Problem.invalid(e.key(), e.getMessage() + ". " + e.action() + " The fleet stays as it was."));
        }
        return new Reloaded(fleet.machines().size());
    }
}
