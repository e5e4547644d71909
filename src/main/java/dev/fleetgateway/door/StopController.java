package dev.fleetgateway.door;

import dev.fleetgateway.machine.Selector;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Stop, for one machine and for a part of the fleet. */
@RestController
class StopController {

    private final Stops stops;

    StopController(Stops stops) {
        this.stops = stops;
    }

    // Nothing but the machine's name is read: a stop is not refused because of what its body or query says.
    @PostMapping("/api/v1/machines/{machine}/stop")
    ResponseEntity<byte[]> machine(HttpServletRequest request, @PathVariable String machine) {
        return json(stops.machine(machine, Callers.of(request), request.getHeader("Gateway-Lease"), null));
    }

    @PostMapping(path = "/api/v1/fleet/stop", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> fleet(HttpServletRequest request, @RequestBody(required = false) byte @Nullable [] body) {
        return json(stops.fleet(selector(body), Callers.of(request), request.getHeader("Gateway-Lease"), null));
    }

    private static Selector selector(byte @Nullable [] body) {
        JsonNode members;
        try {
            members = Json.MAPPER.readTree(body == null ? new byte[0] : body);
        } catch (JacksonException e) {
            throw refused("body", "The body is not JSON: " + e.getOriginalMessage());
        }
        if (!members.isObject()) {
            throw refused("body", "The body must be an object such as {\"selector\": \"site=lab\"}");
        }
        members.propertyNames().forEach(name -> {
            if (!name.equals("selector")) {
                throw refused(name, "There is no member '%s' here, only 'selector'".formatted(name));
            }
        });
        JsonNode selector = members.get("selector");
        if (selector == null || !selector.isString()) {
            throw refused("selector", "'selector' must be given as a text; \"\" is every machine");
        }
        try {
            return Selector.parse(selector.asString());
        } catch (IllegalArgumentException e) {
            throw refused("selector", "The selector cannot be read: " + e.getMessage());
        }
    }

    private static ProblemException refused(String field, String detail) {
        return new ProblemException(Problem.invalid(field, detail));
    }

    private static ResponseEntity<byte[]> json(Object value) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Json.bytes(value));
    }
}
