package dev.fleetgateway.motion;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.CancelOperationRequest;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.Operation;
import viam.robot.v1.RobotServiceGrpc;
import viam.robot.v1.StopAllRequest;

/** Tells a machine to stop: once, everything side by side, so that a driver that hangs holds up no other. */
public final class Telling {

    /** A stop takes 1 to 3 ms (seen live); one that takes a second will not be answered. */
    public static final Duration PATIENCE = Duration.ofSeconds(1);

    /** The machine takes a hundred calls of this kind at a time from everybody: most of them are left to others. */
    private static final int MOST_CANCELS = 30;

    private Telling() {}

    /**
     * Tells the whole machine: StopAll, beside it the Stop of single resources, and an end to whatever drives by itself.
     *
     * @param single resources to be told by themselves as well
     * @param wandering navigation and motion services
     * @return completes within {@link #PATIENCE}, or twice that where something drives by itself; never fails
     */
    public static CompletableFuture<Told> everything(
            Link link, Collection<Resource> single, Collection<Resource> wandering) {
        Map<Resource, String> each = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        CompletableFuture<String> all = outcome(Question.ask(
                link.channel(), RobotServiceGrpc.getStopAllMethod(), StopAllRequest.getDefaultInstance(), PATIENCE));
        asked.add(all);
        single.forEach(resource -> asked.add(one(link, resource, each)));
        wandering.forEach(resource -> asked.add(
                Wanderers.halt(link, resource).thenAccept(said -> said.ifPresent(text -> each.put(resource, text)))));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> new Told(all.join(), each));
    }

    /**
     * Tells single actuators; others are left out.
     *
     * @return completes within {@link #PATIENCE}; never fails
     */
    public static CompletableFuture<Told> each(Link link, Collection<Resource> resources) {
        Map<Resource, String> each = new ConcurrentHashMap<>();
        CompletableFuture<?>[] asked =
                resources.stream().map(resource -> one(link, resource, each)).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(asked).thenApply(_ -> new Told(null, each));
    }

    /** Tells operations to end. It ends the calls, not what they set in motion (seen live). Nothing is waited for. */
    public static void cancel(Link link, Collection<String> operations) {
        operations.stream().limit(MOST_CANCELS).forEach(id -> {
            var _ = Question.ask(
                    link.channel(),
                    RobotServiceGrpc.getCancelOperationMethod(),
                    CancelOperationRequest.newBuilder().setId(id).build(),
                    PATIENCE);
        });
    }

    /** The operations that a machine lists as going on; null where it does not say. Never fails. */
    public static CompletableFuture<@Nullable Set<String>> operations(Link link) {
        return Question.ask(
                        link.channel(),
                        RobotServiceGrpc.getGetOperationsMethod(),
                        GetOperationsRequest.getDefaultInstance(),
                        PATIENCE)
                .handle((answer, failure) -> failure != null
                        ? null
                        : answer.getOperationsList().stream()
                                .map(Operation::getId)
                                .collect(Collectors.toSet()));
    }

    private static CompletableFuture<?> one(Link link, Resource resource, Map<Resource, String> each) {
        var stop = ActuatorApi.stop(resource.api());
        return stop == null
                ? CompletableFuture.completedFuture(null)
                : outcome(Question.ask(link.channel(), stop, resource.name(), PATIENCE))
                        .thenAccept(said -> each.put(resource, said));
    }

    static CompletableFuture<String> outcome(CompletableFuture<?> answer) {
        return answer.handle((_, failure) -> failure == null ? "" : "Stop failed: " + Question.words(failure));
    }
}
