package dev.fleetgateway.door;

import com.google.protobuf.ByteString;
import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.command.Effect;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.command.ResourceListing;
import dev.fleetgateway.command.StopReport;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Commands that are kept for the test to look at, and answered as it says. */
final class FakeCommands implements Commands {

    final List<Call> calls = new CopyOnWriteArrayList<>();
    final List<String> stops = new CopyOnWriteArrayList<>();
    final Map<String, StopReport.Outcome> stopOutcomes = new ConcurrentHashMap<>();
    final Map<Call, CompletableFuture<PendingCall.Answer>> pending = new ConcurrentHashMap<>();
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    @Override
    public PendingCall call(Call call) {
        calls.add(call);
        if (call.method().equals("SetPower")) {
            throw new ProblemException(Problem.of(ProblemCode.LEASE_REQUIRED, "moving needs a lease")
                    .on(call.machine()));
        }
        String operation = "op-" + calls.size();
        CompletableFuture<PendingCall.Answer> answer = new CompletableFuture<>();
        if (call.method().equals("GetReadings")) {
            answer.complete(new PendingCall.Answer(
                    ByteString.copyFromUtf8("{\"readings\": {\"a\": 1.50}}"),
                    operation,
                    "LAN",
                    java.time.Duration.ofMillis(1)));
        } else {
            pending.put(call, answer);
        }
        return new PendingCall() {
            @Override
            public String operation() {
                return operation;
            }

            @Override
            public CompletableFuture<Answer> answer() {
                return answer;
            }

            @Override
            public void cancel() {
                cancelled.add(operation);
                answer.completeExceptionally(
                        new ProblemException(Problem.of(ProblemCode.CALL_CANCELLED, "the caller cancelled")));
            }
        };
    }

    @Override
    public CompletableFuture<StopReport> stop(String machine, String by) {
        stops.add(machine + " by " + by);
        if (machine.startsWith("unknown")) {
            throw new ProblemException(Problem.of(ProblemCode.MACHINE_UNKNOWN, "no machine " + machine)
                    .on(machine));
        }
        StopReport.Outcome outcome = stopOutcomes.getOrDefault(machine, StopReport.Outcome.STOPPED);
        return CompletableFuture.completedFuture(new StopReport(
                machine,
                outcome,
                List.of(new StopReport.ResourceOutcome("rdk:component:motor/m1", outcome, "as the test says"))));
    }

    @Override
    public List<ResourceListing> resources(String machine) {
        return List.of(new ResourceListing(
                "m1",
                "rdk:component:motor",
                "viam.component.motor.v1.MotorService",
                "READY",
                "",
                List.of(new ResourceListing.MethodListing("SetPower", Effect.ACT, true, true, false))));
    }

    @Override
    public int inFlight(String machine) {
        return 0;
    }
}
