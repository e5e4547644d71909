package dev.fleetgateway.command;

import dev.fleetgateway.command.StopReport.ResourceOutcome;
import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import viam.robot.v1.RobotServiceGrpc;
import viam.robot.v1.StopAllRequest;
import viam.robot.v1.StopAllResponse;

/**
 * Tells a machine to stop everything. It claims no more than that it was told: whether it stands is for whoever looks at its
 * motion.
 */
final class PlainStop {

    private static final long DEADLINE_SECONDS = 5;

    /** What a machine's StopAll stops (the facts: services, buttons and switches are not stopped by it). */
    private static final Set<String> ACTUATORS = Set.of(
            "rdk:component:arm",
            "rdk:component:base",
            "rdk:component:gantry",
            "rdk:component:gripper",
            "rdk:component:motor",
            "rdk:component:servo");

    private PlainStop() {}

    static CompletableFuture<StopReport> of(Connection connection) {
        Optional<Link> link = connection.linkForStop();
        if (link.isEmpty()) {
            var state = connection.snapshot().state();
            return CompletableFuture.completedFuture(report(
                    connection,
                    StopReport.Outcome.FAILED,
                    "could not be told: the machine is " + state.word() + ", " + state.reason()));
        }
        CompletableFuture<StopReport> told = new CompletableFuture<>();
        Metadata headers = new Metadata();
        headers.put(Exchange.OPID, UUID.randomUUID().toString());
        ClientCalls.asyncUnaryCall(
                ClientInterceptors.intercept(link.get().channel(), MetadataUtils.newAttachHeadersInterceptor(headers))
                        .newCall(
                                RobotServiceGrpc.getStopAllMethod(),
                                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)),
                StopAllRequest.getDefaultInstance(),
                new StreamObserver<StopAllResponse>() {
                    @Override
                    public void onNext(StopAllResponse answer) {
                        // It is empty; that it came is told by onCompleted.
                    }

                    @Override
                    public void onError(Throwable failure) {
                        Status status = Status.fromThrowable(failure);
                        told.complete(report(
                                connection,
                                StopReport.Outcome.FAILED,
                                "StopAll failed: " + status.getCode()
                                        + (status.getDescription() == null ? "" : " " + status.getDescription())));
                    }

                    @Override
                    public void onCompleted() {
                        told.complete(report(
                                connection,
                                StopReport.Outcome.NOT_VERIFIED,
                                "told to stop; see its motion for whether it stands"));
                    }
                });
        return told;
    }

    private static StopReport report(Connection connection, StopReport.Outcome outcome, String detail) {
        MachineReport report = connection.snapshot().report();
        List<ResourceOutcome> resources = report == null
                ? List.of()
                : report.resources().stream()
                        .filter(resource -> ACTUATORS.contains(resource.api()))
                        .map(resource -> new ResourceOutcome(resource.api() + "/" + resource.name(), outcome, detail))
                        .toList();
        return new StopReport(
                connection.machine().name(),
                outcome,
                resources.isEmpty() ? List.of(new ResourceOutcome("*", outcome, detail)) : resources);
    }
}
