package dev.fleetgateway.door;

import dev.fleetgateway.lease.GrantedLease;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Leases by REST. */
@RestController
@RequestMapping("/api/v1/machines/{machine}/lease")
class LeaseController {

    private final LeaseDoor door;

    LeaseController(LeaseDoor door) {
        this.door = door;
    }

    /** What is wanted; all of it may be left out. */
    record Wanted(@Nullable Long windowMillis, @Nullable String reason) {

        static final Wanted NOTHING = new Wanted(null, null);

        private static final int LONGEST_REASON = 200;

        @Nullable
        Duration window() {
            return windowMillis == null ? null : Duration.ofMillis(windowMillis);
        }

        String why() {
            String text = reason == null ? "" : reason;
            if (text.length() > LONGEST_REASON) {
                throw new ProblemException(
                        Problem.invalid("reason", "The reason may have " + LONGEST_REASON + " characters."));
            }
            return text;
        }
    }

    record Renewal(@Nullable Boolean resume) {}

    @PostMapping
    ResponseEntity<byte[]> acquire(
            HttpServletRequest request,
            @PathVariable String machine,
            @RequestBody(required = false) @Nullable Wanted body) {
        StrictParameters.of(request);
        Wanted wanted = body == null ? Wanted.NOTHING : body;
        return created(door.await(leases().acquire(Callers.of(request), machine, wanted.window(), wanted.why(), null)));
    }

    @PostMapping("/take")
    ResponseEntity<byte[]> take(
            HttpServletRequest request,
            @PathVariable String machine,
            @RequestBody(required = false) @Nullable Wanted body) {
        StrictParameters.of(request);
        Wanted wanted = body == null ? Wanted.NOTHING : body;
        Leases.Taken taken =
                door.await(leases().take(Callers.of(request), machine, wanted.window(), wanted.why(), null));
        return created(members(taken));
    }

    @PatchMapping
    ResponseEntity<byte[]> renew(
            HttpServletRequest request,
            @PathVariable String machine,
            @RequestBody(required = false) @Nullable Renewal body) {
        StrictParameters.of(request);
        String id = id(request);
        GrantedLease lease = body != null && Boolean.TRUE.equals(body.resume())
                ? door.await(leases().resume(Callers.of(request), machine, id, null))
                : leases().renew(Callers.of(request), machine, id);
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Json.bytes(lease));
    }

    @DeleteMapping
    ResponseEntity<byte[]> release(HttpServletRequest request, @PathVariable String machine) {
        StrictParameters.of(request);
        StopReport stop = door.await(leases().release(Callers.of(request), machine, id(request)));
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Json.bytes(Map.of("stop", stop)));
    }

    private Leases leases() {
        return door.leases();
    }

    private static String id(HttpServletRequest request) {
        String id = CallHeaders.lease(request);
        if (id == null) {
            throw new ProblemException(
                    Problem.invalid("Gateway-Lease", "The header Gateway-Lease must say which lease is meant."));
        }
        return id;
    }

    /** A lease that was taken over, with what became of what the old one moved. */
    static Map<String, Object> members(Leases.Taken taken) {
        GrantedLease lease = taken.lease();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", lease.id());
        members.put("machine", lease.machine());
        members.put("holder", lease.holder());
        members.put("sequence", lease.sequence());
        members.put("windowMillis", lease.windowMillis());
        members.put("expiresAt", lease.expiresAt());
        members.put("protection", lease.protection());
        members.put("stop", taken.stop());
        return members;
    }

    private static ResponseEntity<byte[]> created(Object lease) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .contentType(MediaType.APPLICATION_JSON)
                .body(Json.bytes(lease));
    }
}
