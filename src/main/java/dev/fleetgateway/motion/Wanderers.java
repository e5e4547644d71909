package dev.fleetgateway.motion;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.Question;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import viam.service.motion.v1.ListPlanStatusesRequest;
import viam.service.motion.v1.ListPlanStatusesResponse;
import viam.service.motion.v1.MotionServiceGrpc;
import viam.service.motion.v1.PlanState;
import viam.service.motion.v1.PlanStatusWithID;
import viam.service.motion.v1.StopPlanRequest;
import viam.service.navigation.v1.GetModeRequest;
import viam.service.navigation.v1.Mode;
import viam.service.navigation.v1.NavigationServiceGrpc;
import viam.service.navigation.v1.SetModeRequest;

/**
 * Services that drive by themselves, without a call in flight and without a session: StopAll does not reach them, and a
 * navigation service would move again what it stopped.
 */
public final class Wanderers {

    static final String NAVIGATION = "rdk:service:navigation";

    private static final String MOTION = "rdk:service:motion";

    private static final String GIVEN_UP = "ListPlanStatuses not supported by builtin";

    /** Each base has one at a time, so that no machine has so many. */
    private static final int MOST_PLANS = 50;

    private Wanderers() {}

    /** Whether resources of that API may drive by themselves. */
    public static boolean wander(String api) {
        return api.equals(NAVIGATION) || api.equals(MOTION);
    }

    /** Whether one can be asked if it drives. */
    public static boolean canBeAsked(String api) {
        return api.equals(NAVIGATION);
    }

    /**
     * Ends what a service drives.
     *
     * @return completes with an empty text where it was told, with the reason where that failed, and with nothing where there was
     *     nothing to be told; never fails
     */
    static CompletableFuture<Optional<String>> halt(Link link, Resource resource) {
        return resource.api().equals(NAVIGATION) ? toManual(link, resource) : endPlans(link, resource);
    }

    /**
     * Asks a service what it goes on with by itself.
     *
     * @return completes within the time, on an event loop; never fails
     */
    public static CompletableFuture<Errands> errands(Channel channel, Resource resource, Duration within) {
        return (resource.api().equals(NAVIGATION)
                        ? mode(channel, resource, within)
                        : executions(channel, resource, within))
                .exceptionally(failure -> knowsNone(failure) ? new Errands.Never() : new Errands.Unsaid());
    }

    private static CompletableFuture<Errands> mode(Channel channel, Resource resource, Duration within) {
        return Question.ask(
                        channel,
                        NavigationServiceGrpc.getGetModeMethod(),
                        GetModeRequest.newBuilder().setName(resource.name()).build(),
                        within)
                .thenApply(answer -> switch (answer.getMode()) {
                    case MODE_MANUAL -> new Errands.Listed(List.of());
                    case MODE_UNSPECIFIED -> new Errands.Unsaid();
                    case UNRECOGNIZED ->
                        new Errands.Listed(
                                List.of(new Errand(resource, null, null, Errand.PREFIX + answer.getModeValue())));
                    default ->
                        new Errands.Listed(
                                List.of(Errand.mode(resource, answer.getMode().name())));
                });
    }

    private static CompletableFuture<Errands> executions(Channel channel, Resource resource, Duration within) {
        return Question.ask(channel, MotionServiceGrpc.getListPlanStatusesMethod(), activePlansOf(resource), within)
                .thenApply(answer -> new Errands.Listed(answer.getPlanStatusesWithIdsList().stream()
                        .filter(plan -> plan.getStatus().getState() == PlanState.PLAN_STATE_IN_PROGRESS)
                        .limit(MOST_PLANS)
                        .map(plan -> Errand.execution(resource, plan.getComponentName(), plan.getExecutionId()))
                        // One that was planned anew is the same execution.
                        .distinct()
                        .toList()));
    }

    /** A machine's own motion service has given up plans, and says so with an error of its own (fact). Any other may pass. */
    private static boolean knowsNone(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        return status.getCode() == Status.Code.UNIMPLEMENTED
                || (status.getCode() == Status.Code.UNKNOWN && GIVEN_UP.equals(status.getDescription()));
    }

    private static ListPlanStatusesRequest activePlansOf(Resource resource) {
        return ListPlanStatusesRequest.newBuilder()
                .setName(resource.name())
                .setOnlyActivePlans(true)
                .build();
    }

    private static CompletableFuture<Optional<String>> toManual(Link link, Resource resource) {
        return Question.ask(
                        link.channel(),
                        NavigationServiceGrpc.getGetModeMethod(),
                        GetModeRequest.newBuilder().setName(resource.name()).build(),
                        Telling.PATIENCE)
                .handle((answer, failure) -> failure == null ? answer.getMode() == Mode.MODE_MANUAL : isAbsent(failure))
                // One that does not answer is told all the same.
                .thenCompose(still -> still ? nothing() : setManual(link, resource));
    }

    /** A service that cannot be built, or has no modes, drives nothing. */
    private static boolean isAbsent(Throwable failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        return code == Status.Code.UNIMPLEMENTED || code == Status.Code.UNKNOWN;
    }

    private static CompletableFuture<Optional<String>> setManual(Link link, Resource resource) {
        return Telling.outcome(Question.ask(
                        link.channel(),
                        NavigationServiceGrpc.getSetModeMethod(),
                        SetModeRequest.newBuilder()
                                .setName(resource.name())
                                .setMode(Mode.MODE_MANUAL)
                                .build(),
                        Telling.PATIENCE))
                .thenApply(Optional::of);
    }

    private static CompletableFuture<Optional<String>> endPlans(Link link, Resource resource) {
        return Question.ask(
                        link.channel(),
                        MotionServiceGrpc.getListPlanStatusesMethod(),
                        activePlansOf(resource),
                        Telling.PATIENCE)
                .thenCompose(answer -> stopPlans(link, resource, answer))
                .exceptionally(Wanderers::noPlans);
    }

    private static CompletableFuture<Optional<String>> stopPlans(
            Link link, Resource resource, ListPlanStatusesResponse plans) {
        CompletableFuture<Optional<String>> all = nothing();
        for (PlanStatusWithID plan : plans.getPlanStatusesWithIdsList()) {
            if (plan.getStatus().getState() == PlanState.PLAN_STATE_IN_PROGRESS) {
                all = all.thenCombine(stopPlan(link, resource, plan.getComponentName()), Wanderers::worse);
            }
        }
        return all;
    }

    private static CompletableFuture<Optional<String>> stopPlan(Link link, Resource resource, String component) {
        return Telling.outcome(Question.ask(
                        link.channel(),
                        MotionServiceGrpc.getStopPlanMethod(),
                        StopPlanRequest.newBuilder()
                                .setName(resource.name())
                                .setComponentName(component)
                                .build(),
                        Telling.PATIENCE))
                .thenApply(Optional::of);
    }

    private static Optional<String> worse(Optional<String> one, Optional<String> other) {
        return one.filter(said -> !said.isEmpty()).isPresent() ? one : other.or(() -> one);
    }

    // The machine's own motion service no longer has plans and says so with an error of its own (fact): only one that
    // gives no answer may have any.
    private static Optional<String> noPlans(Throwable failure) {
        return isAbsent(failure)
                ? Optional.empty()
                : Optional.of("its plans are not known: " + Question.words(failure));
    }

    private static CompletableFuture<Optional<String>> nothing() {
        return CompletableFuture.completedFuture(Optional.empty());
    }
}
