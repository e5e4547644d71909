package dev.fleetgateway.door;

import dev.fleetgateway.history.Entry;
import dev.fleetgateway.history.History;
import dev.fleetgateway.history.HistoryPage;
import dev.fleetgateway.history.HistoryQuery;
import dev.fleetgateway.history.Part;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import dev.fleetgateway.status.Pictures;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What became of a machine, the newest first. */
@RestController
class HistoryController {

    private static final List<String> PARAMETERS = List.of("part", "since", "until", "pageSize", "pageToken");
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final History history;
    private final Pictures pictures;

    HistoryController(History history, Pictures pictures) {
        this.history = history;
        this.pictures = pictures;
    }

    @GetMapping("/api/v1/machines/{machine}/history")
    ResponseEntity<byte[]> history(HttpServletRequest request, @PathVariable String machine) {
        Parameters parameters = Parameters.of(request, PARAMETERS);
        if (pictures.picture(machine).isEmpty()) {
            throw MachinesController.unknown(machine);
        }
        Part part = parameters.word("part", Part.class);
        Instant since = parameters.read("since", HistoryController::moment);
        Instant until = parameters.read("until", HistoryController::moment);
        if (since != null && until != null && !since.isBefore(until)) {
            throw new ProblemException(
                    Problem.invalid("until", "until is " + until + ", which is not after since, " + since));
        }
        int size = parameters.number("pageSize", 1, LARGEST_PAGE, PAGE);
        HistoryToken tokens = HistoryToken.of(machine, part, since, until);
        HistoryQuery query = new HistoryQuery(part, since, until, parameters.read("pageToken", tokens::read), size);
        HistoryPage page = history.page(machine, query);
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put(
                "history",
                page.entries().stream().map(HistoryController::members).toList());
        answer.put("nextPageToken", page.next() == null ? null : tokens.write(page.next()));
        answer.put("storage", page.storage());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noCache())
                .body(Json.bytes(answer));
    }

    private static Map<String, @Nullable Object> members(Entry entry) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("part", entry.part());
        members.put("state", entry.standing().state());
        switch (entry.part()) {
            case ROUTE -> {
                members.put("via", entry.standing().via());
                members.put("transport", entry.standing().transport());
                members.put("peer", entry.standing().peer());
            }
            case LEASE -> {
                members.put("holder", entry.standing().holder());
                members.put("sequence", entry.standing().sequence());
                members.put("protection", entry.standing().protection());
            }
            case CONNECTION, SYNC, LIFECYCLE -> {
                // Their word says all.
            }
        }
        members.put("since", entry.since());
        members.put("until", entry.until());
        members.put("ended", entry.end());
        members.put("reason", entry.reason());
        members.put("owner", entry.owner());
        return members;
    }

    private static Instant moment(String text) {
        Instant moment;
        try {
            moment = OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'%s' is not a time such as 2026-11-23T14:03:12Z (a + is written %%2B)".formatted(text), e);
        }
        if (!HistoryToken.isWritable(moment)) {
            throw new IllegalArgumentException("'%s' is not within the years 0 to 9999".formatted(text));
        }
        return moment;
    }
}
