package dev.fleetgateway.lease;

import static dev.fleetgateway.lease.LeasedFleet.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.lease.AuditTrail.Line;
import dev.fleetgateway.lease.LeasedFleet.Answer;
import dev.fleetgateway.simulator.RecordedCall;
import dev.fleetgateway.simulator.RecordedCall.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import tools.jackson.databind.JsonNode;

/** What the machine has seen, what the gateway has noted and what callers were told must be one story. */
final class Verdicts {

    private static final Set<String> COMMANDS =
            Command.ALL.stream().map(Command::full).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> MONITORED =
            Command.ALL.stream().filter(Command::monitored).map(Command::full).collect(Collectors.toUnmodifiableSet());
    private static final String SET_MODE = "viam.service.navigation.v1.NavigationService/SetMode";

    private final Rover rover;
    private final AuditTrail audit;
    private final List<Told> told;

    Verdicts(Rover rover, AuditTrail audit, List<Told> told) {
        this.rover = rover;
        this.audit = audit;
        this.told = told;
    }

    /**
     * What a caller was told.
     *
     * @param operation empty where the answer does not say
     * @param outcome {@code EXECUTED} where it went well
     */
    record Told(Command command, String operation, String outcome, String code) {

        static Told of(Command command, Answer answer) {
            return answer.ok()
                    ? new Told(command, answer.header("Gateway-Operation"), "EXECUTED", "")
                    : new Told(
                            command,
                            answer.header("Gateway-Operation"),
                            answer.member("outcome"),
                            answer.member("code"));
        }

        static Told of(Command command, JsonNode answer) {
            JsonNode problem = answer.at("/error/data");
            return answer.has("result")
                    ? new Told(command, answer.at("/result/operation").asString(""), "EXECUTED", "")
                    : new Told(
                            command,
                            "",
                            problem.path("outcome").asString(""),
                            problem.path("code").asString(""));
        }
    }

    void check() {
        Map<String, RecordedCall> seen = seen();
        eventually("all is noted", () -> noted().keySet().containsAll(seen.keySet()));
        Map<String, Line> noted = noted();
        SoftAssertions all = new SoftAssertions();
        all.assertThat(rover.machine().monitoredWithoutSession())
                .as("monitored calls without a session")
                .isZero();
        seen.forEach((operation, call) -> {
            if (MONITORED.contains(call.method())) {
                all.assertThat(call.sid()).as("session of %s", call).isPresent();
            }
        });
        outcomes(all, seen, noted);
        holders(all, seen, noted);
        stops(all, seen, noted);
        callers(all, noted);
        all.assertAll();
    }

    /** What came to the machine and passed its gates, by operation; the gateway's own SetMode is left out. */
    private Map<String, RecordedCall> seen() {
        Map<String, RecordedCall> seen = new HashMap<>();
        for (RecordedCall call : rover.machine().calls()) {
            if (COMMANDS.contains(call.method()) && call.state() != State.REFUSED) {
                if (call.method().equals(SET_MODE) && !noted().containsKey(call.opid())) {
                    continue;
                }
                assertThat(seen.put(call.opid(), call))
                        .as("what came before with the operation of %s", call)
                        .isNull();
            }
        }
        return seen;
    }

    private Map<String, Line> noted() {
        Map<String, Line> noted = new HashMap<>();
        audit.of(rover.name(), "act").forEach(line -> {
            Line before = noted.put(line.text("operation"), line);
            assertThat(before).as("what was noted before %s", line).isNull();
        });
        return noted;
    }

    private static void outcomes(SoftAssertions all, Map<String, RecordedCall> seen, Map<String, Line> noted) {
        noted.forEach((operation, line) -> {
            RecordedCall call = seen.get(operation);
            switch (line.text("outcome")) {
                case "NOT_SENT" -> all.assertThat(call).as("%s", line).isNull();
                case "REJECTED" -> {
                    if (call != null) {
                        all.assertThat(call.executed()).as("%s: %s", line, call).isEmpty();
                    }
                }
                case "EXECUTED", "INTERRUPTED" -> {
                    all.assertThat(call).as("%s", line).isNotNull();
                    // One that was cancelled before it got its turn is answered with an error.
                    if (call != null && call.state() == State.ANSWERED) {
                        all.assertThat(call.executed()).as("%s: %s", line, call).isPresent();
                    }
                }
                case "UNKNOWN" -> {}
                default -> all.fail("no outcome: %s", line);
            }
        });
    }

    /** One holder after the other: nothing of an earlier one comes after anything of a later one. */
    private static void holders(SoftAssertions all, Map<String, RecordedCall> seen, Map<String, Line> noted) {
        List<RecordedCall> inOrder = new ArrayList<>(seen.values());
        inOrder.sort(Comparator.comparing(RecordedCall::at));
        long last = 0;
        RecordedCall before = null;
        for (RecordedCall call : inOrder) {
            Line line = noted.get(call.opid());
            if (line == null) {
                continue;
            }
            long sequence = line.number("lease");
            all.assertThat(sequence).as("lease of %s", call).isPositive();
            all.assertThat(sequence)
                    .as("%s of lease %s after %s of lease %s", call, sequence, before, last)
                    .isGreaterThanOrEqualTo(last);
            last = Math.max(last, sequence);
            before = call;
        }
    }

    /** What was begun before a stop that was seen to work is not carried out after it. */
    private void stops(SoftAssertions all, Map<String, RecordedCall> seen, Map<String, Line> noted) {
        for (Line stop : audit.of(rover.name(), "stop")) {
            if (!stop.text("reason").equals("STOP") || !stop.text("outcome").equals("STOPPED")) {
                continue;
            }
            Instant over = stop.at();
            seen.forEach((operation, call) -> {
                Line line = noted.get(operation);
                if (line != null
                        && line.begun().isBefore(stop.begun())
                        && call.executed().isPresent()) {
                    all.assertThat(call.executed().get())
                            .as(
                                    "%s of %s, begun at %s, and the stop from %s to %s",
                                    call, line, line.begun(), stop.begun(), over)
                            .isBefore(over.plus(Duration.ofMillis(5)));
                }
            });
        }
    }

    /** Callers are told what is noted. */
    private void callers(SoftAssertions all, Map<String, Line> noted) {
        List<Told> answers;
        synchronized (told) {
            answers = List.copyOf(told);
        }
        for (Told answer : answers) {
            all.assertThat(answer.outcome()).as("%s", answer).isNotEmpty();
            Line line = noted.get(answer.operation());
            if (line != null) {
                all.assertThat(answer.outcome())
                        .as("%s told of %s", answer, line)
                        .isEqualTo(line.text("outcome"));
            }
        }
    }

    /** The whole story for people, in the order of time. */
    List<String> everything() {
        Map<Instant, String> story = new TreeMap<>();
        audit.of(rover.name())
                .forEach(line -> story.merge(line.at(), "  noted " + line.json(), (a, b) -> a + "\n" + b));
        rover.machine().calls().stream()
                .filter(call -> !call.method().contains("/Is") && !call.method().contains("GetMachineStatus"))
                .forEach(call -> story.merge(call.at(), "  machine " + call, (a, b) -> a + "\n" + b));
        return story.entrySet().stream()
                .map(each -> each.getKey() + each.getValue())
                .toList();
    }
}
