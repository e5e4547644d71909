package dev.fleetgateway.door;

import dev.fleetgateway.access.Caller;
import dev.fleetgateway.access.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells a caller who he is here and what he may do. */
@RestController
class PermissionsController {

    @GetMapping("/api/v1/permissions")
    Permissions permissions(HttpServletRequest request) {
        StrictParameters.of(request);
        Caller caller = Caller.ANONYMOUS;
        return new Permissions(caller.name(), caller.role(), caller.machines(), caller.methods());
    }

    record Permissions(String caller, Role role, String machines, List<String> methods) {}
}
