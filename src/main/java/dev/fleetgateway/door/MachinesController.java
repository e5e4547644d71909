package dev.fleetgateway.door;

import dev.fleetgateway.command.Commands;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Connections;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Picture;
import dev.fleetgateway.status.Pictures;
import dev.fleetgateway.status.Ways;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.ServletWebRequest;

/** The pictures of the machines, and redial and park. */
@RestController
@RequestMapping("/api/v1/machines")
class MachinesController {

    private static final List<String> LIST_PARAMETERS =
            List.of("selector", "name", "connection", "route", "sync", "pageSize", "pageToken");
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final Pictures pictures;
    private final Connections connections;
    private final Commands commands;
    private final LeaseDoor leases;

    MachinesController(Pictures pictures, Connections connections, Commands commands, LeaseDoor leases) {
        this.leases = leases;
        this.pictures = pictures;
        this.connections = connections;
        this.commands = commands;
    }

    @GetMapping
    ResponseEntity<byte[]> list(ServletWebRequest request) {
        Parameters parameters = Parameters.of(request.getRequest(), LIST_PARAMETERS);
        MachineFilter filter = MachineFilter.of(parameters);
        int size = parameters.number("pageSize", 1, LARGEST_PAGE, PAGE);
        String after = parameters.read("pageToken", token -> MachinePage.after(token, filter));
        MachinePage page = MachinePage.of(pictures.all(), filter, size, after);
        String etag = page.etag(pictures.feed().epoch());
        return request.checkNotModified(etag) ? notModified(etag) : json(page.json(), etag);
    }

    @GetMapping("/{machine}")
    ResponseEntity<byte[]> machine(ServletWebRequest request, @PathVariable String machine) {
        Parameters.of(request.getRequest(), List.of());
        Picture picture = picture(machine);
        String etag = "W/\"" + pictures.feed().epoch() + "-" + picture.seq() + "\"";
        return request.checkNotModified(etag) ? notModified(etag) : json(picture.json(), etag);
    }

    @GetMapping("/{machine}/connection")
    ResponseEntity<byte[]> connection(HttpServletRequest request, @PathVariable String machine) {
        return part(request, picture(machine).machine().connection());
    }

    @GetMapping("/{machine}/route")
    ResponseEntity<byte[]> route(HttpServletRequest request, @PathVariable String machine) {
        Ways ways = pictures.ways(machine).orElseThrow(() -> unknown(machine));
        return part(request, ways.route() == null ? unrouted(ways) : ways.route());
    }

    @GetMapping("/{machine}/sync")
    ResponseEntity<byte[]> sync(HttpServletRequest request, @PathVariable String machine) {
        return part(request, picture(machine).machine().sync());
    }

    @GetMapping("/{machine}/lease")
    ResponseEntity<byte[]> lease(HttpServletRequest request, @PathVariable String machine) {
        return part(request, picture(machine).machine().lease());
    }

    @GetMapping("/{machine}/operations")
    ResponseEntity<byte[]> operations(HttpServletRequest request, @PathVariable String machine) {
        return part(request, picture(machine).machine().operations());
    }

    @GetMapping("/{machine}/resources")
    ResponseEntity<byte[]> resources(HttpServletRequest request, @PathVariable String machine) {
        Parameters.of(request, List.of());
        picture(machine);
        return part(request, Map.of("resources", commands.resources(machine)));
    }

    @PostMapping("/{machine}/connect")
    ResponseEntity<byte[]> connect(HttpServletRequest request, @PathVariable String machine) {
        Parameters.of(request, List.of());
        Connection connection = connection(machine);
        leases.endFirst(Callers.of(request), machine);
        connection.connect("asked for by " + Callers.name(request.getUserPrincipal()));
        return accepted(machine);
    }

    @PostMapping("/{machine}/disconnect")
    ResponseEntity<byte[]> disconnect(HttpServletRequest request, @PathVariable String machine) {
        Parameters.of(request, List.of());
        Connection connection = connection(machine);
        leases.endFirst(Callers.of(request), machine);
        connection.disconnect("parked by " + Callers.name(request.getUserPrincipal()));
        return accepted(machine);
    }

    private Picture picture(String machine) {
        return pictures.picture(machine).orElseThrow(() -> unknown(machine));
    }

    private Connection connection(String machine) {
        return connections.connection(machine).orElseThrow(() -> unknown(machine));
    }

    // The answer shows where the connection is now: dialing has begun, and the feed tells how it goes on.
    private ResponseEntity<byte[]> accepted(String machine) {
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Json.bytes(picture(machine).machine().connection()));
    }

    private static Map<String, @Nullable Object> unrouted(Ways ways) {
        Map<String, @Nullable Object> route = new LinkedHashMap<>();
        for (String member : List.of("kind", "via", "transport", "peer", "since")) {
            route.put(member, null);
        }
        route.put("reason", "nothing carries");
        route.put("rttMillis", null);
        route.put("policy", ways.policy());
        route.put("candidates", ways.candidates());
        return route;
    }

    private static ResponseEntity<byte[]> part(HttpServletRequest request, @Nullable Object part) {
        Parameters.of(request, List.of());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache())
                .body(Json.MAPPER.writeValueAsBytes(part));
    }

    private static ResponseEntity<byte[]> json(byte[] json, String etag) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache())
                .eTag(etag)
                .body(json);
    }

    private static ResponseEntity<byte[]> notModified(String etag) {
        return ResponseEntity.status(HttpStatus.NOT_MODIFIED).eTag(etag).build();
    }

    static ProblemException unknown(String machine) {
        return new ProblemException(
                Problem.of(ProblemCode.MACHINE_UNKNOWN, "There is no machine '%s' in this fleet".formatted(machine))
                        .on(machine));
    }
}
