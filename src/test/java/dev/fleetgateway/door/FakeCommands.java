package dev.fleetgateway.door;

import com.google.protobuf.ByteString;
import dev.fleetgateway.command.Call;
import dev.fleetgateway.command.Commands;
import dev.fleetgateway.command.Effect;
import dev.fleetgateway.command.PendingCall;
import dev.fleetgateway.command.ResourceListing;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Commands that are kept for the test to look at, and answered as it says. */
final class FakeCommands implements Commands {

    final List<Call> calls = new CopyOnWriteArrayList<>();
    final Map<Call, CompletableFuture<PendingCall.Answer>> pending = new ConcurrentHashMap<>();
    final Set<String> cancelled = ConcurrentHashMap.newKeySet();

    /** Who is to hear of what services go on with. */
    volatile Listener listener = Listener.NOBODY;

    /** What else a machine has, beside its motor. */
    final Map<String, List<ResourceListing>> more = new ConcurrentHashMap<>();

    /** Whether drives wait until the test answers them. */
    volatile boolean keepsDrives;

    @Override
    public void listen(Listener one) {
        listener = one;
    }

    @Override
    public PendingCall call(Call call) {
        calls.add(call);
        if (call.method().equals("SetPower") && call.lease() == null) {
            throw new ProblemException(Problem.of(ProblemCode.LEASE_REQUIRED, "moving needs a lease")
                    .on(call.machine()));
        }
        String operation = "op-" + calls.size();
        CompletableFuture<PendingCall.Answer> answer = new CompletableFuture<>();
        if (call.method().equals("GetReadings")) {
            answer.complete(said("{\"readings\": {\"a\": 1.50}}", operation));
        } else if (call.lease() != null && !(keepsDrives && call.method().equals("SetPower"))) {
            answer.complete(said("{}", operation));
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

    /** The machine answers what waits. */
    void answerDrives() {
        pending.forEach((call, answer) -> answer.complete(said("{}", "op")));
        pending.clear();
    }

    private static PendingCall.Answer said(String json, String operation) {
        return new PendingCall.Answer(ByteString.copyFromUtf8(json), operation, "LAN", null, Duration.ofMillis(1));
    }

    @Override
    public List<ResourceListing> resources(String machine) {
        List<ResourceListing> all = new ArrayList<>(more.getOrDefault(machine, List.of()));
        all.add(new ResourceListing(
                "m1",
                "rdk:component:motor",
                "viam.component.motor.v1.MotorService",
                "READY",
                "",
                List.of(new ResourceListing.MethodListing("SetPower", Effect.ACT, true, true, false))));
        return all;
    }

    @Override
    public int inFlight(String machine) {
        return 0;
    }
}
