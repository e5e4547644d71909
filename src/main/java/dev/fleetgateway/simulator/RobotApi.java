package dev.fleetgateway.simulator;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import viam.common.v1.ResourceName;
import viam.robot.v1.BlockForOperationRequest;
import viam.robot.v1.BlockForOperationResponse;
import viam.robot.v1.CancelOperationRequest;
import viam.robot.v1.CancelOperationResponse;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetCloudMetadataResponse;
import viam.robot.v1.GetMachineStatusRequest;
import viam.robot.v1.GetOperationsRequest;
import viam.robot.v1.GetOperationsResponse;
import viam.robot.v1.GetSessionsRequest;
import viam.robot.v1.GetSessionsResponse;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.PeerConnectionInfo;
import viam.robot.v1.PeerConnectionType;
import viam.robot.v1.ResourceNamesRequest;
import viam.robot.v1.ResourceNamesResponse;
import viam.robot.v1.ResourceRPCSubtype;
import viam.robot.v1.ResourceRPCSubtypesRequest;
import viam.robot.v1.ResourceRPCSubtypesResponse;
import viam.robot.v1.RestartModuleRequest;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.Session;
import viam.robot.v1.ShutdownRequest;
import viam.robot.v1.ShutdownResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;
import viam.robot.v1.StopAllRequest;
import viam.robot.v1.StopAllResponse;

/** The machine's own API: operations, sessions, what there is and how it is. */
final class RobotApi {

    /** How the paths of its methods begin. */
    static final String SERVICE = "viam.robot.v1.RobotService/";

    private static final Set<String> SESSION_METHODS = Set.of("StartSession", "SendSessionHeartbeat", "GetSessions");

    private RobotApi() {}

    static Api<Life> api() {
        Api<Life> api = Api.ofMachine(StopAllRequest.getDescriptor().getFile(), "RobotService");
        operations(api);
        sessions(api);
        resources(api);
        return api.answer(
                        GetVersionRequest.getDefaultInstance(),
                        "GetVersion",
                        (_, _) -> GetVersionResponse.newBuilder()
                                .setPlatform("rdk")
                                .setVersion("simulated")
                                .setApiVersion("v0.1.577")
                                .build())
                .answer(RestartModuleRequest.getDefaultInstance(), "RestartModule", (_, request) -> {
                    throw new Refusal(Status.NOT_FOUND.withDescription(
                            "module not found with id=%s, name=%s. make sure it is configured and running on your machine"
                                    .formatted(request.getModuleId(), request.getModuleName())));
                })
                .answer(ShutdownRequest.getDefaultInstance(), "Shutdown", (life, _) -> {
                    life.shutdown();
                    return ShutdownResponse.getDefaultInstance();
                });
    }

    private static void operations(Api<Life> api) {
        api.run(GetOperationsRequest.getDefaultInstance(), "GetOperations", (life, _, call) -> {
                    GetOperationsResponse.Builder all = GetOperationsResponse.newBuilder();
                    life.operations().allBut(call.operation()).forEach(one -> all.addOperations(listed(one)));
                    call.answer(all.build());
                })
                .answer(CancelOperationRequest.getDefaultInstance(), "CancelOperation", (life, request) -> {
                    life.operations().find(request.getId()).ifPresent(Operation::cancel);
                    return CancelOperationResponse.getDefaultInstance();
                })
                .run(BlockForOperationRequest.getDefaultInstance(), "BlockForOperation", RobotApi::block)
                .run(StopAllRequest.getDefaultInstance(), "StopAll", (life, _, call) -> {
                    life.operations().allBut(call.operation()).forEach(Operation::cancel);
                    life.resources().stopAll(() -> call.answer(StopAllResponse.getDefaultInstance()));
                });
    }

    private static void block(Life life, BlockForOperationRequest request, Call call) {
        Runnable answer = () -> call.answer(BlockForOperationResponse.getDefaultInstance());
        Optional<Operation> running = life.operations().find(request.getId());
        if (running.isEmpty()) {
            answer.run();
            return;
        }
        call.operation().whenCancelled(() -> {
            running.get().forget(answer);
            call.fail(Status.CANCELLED.withDescription("context canceled"));
        });
        running.get().whenEnded(answer);
    }

    private static viam.robot.v1.Operation.Builder listed(Operation operation) {
        viam.robot.v1.Operation.Builder listed = viam.robot.v1.Operation.newBuilder()
                .setId(operation.id())
                .setMethod(operation.method())
                .setArguments(Struct.getDefaultInstance())
                .setStarted(stamp(operation.started()));
        String session = operation.session();
        return session == null ? listed : listed.setSessionId(session);
    }

    /** Whether a method is there only on machines that know sessions. */
    static boolean isOfSessions(Method method) {
        return method.api().isEmpty() && SESSION_METHODS.contains(method.shortName());
    }

    private static void sessions(Api<Life> api) {
        api.run(
                        StartSessionRequest.getDefaultInstance(),
                        "StartSession",
                        (life, request, call) -> whenFree(life, call, () -> start(life, request, call)))
                .run(
                        SendSessionHeartbeatRequest.getDefaultInstance(),
                        "SendSessionHeartbeat",
                        (life, request, call) -> whenFree(life, call, () -> {
                            if (!life.sessions().beat(Uuids.canonical(request.getId()), call.holder())) {
                                throw new Refusal(Status.INVALID_ARGUMENT.withDescription(Sessions.EXPIRED));
                            }
                            return SendSessionHeartbeatResponse.getDefaultInstance();
                        }))
                .run(
                        GetSessionsRequest.getDefaultInstance(),
                        "GetSessions",
                        (life, _, call) -> whenFree(life, call, () -> all(life)));
    }

    private static StartSessionResponse start(Life life, StartSessionRequest request, Call call) {
        String resume = request.getResume();
        boolean resumed = !resume.isEmpty() && life.sessions().beat(Uuids.canonical(resume), call.holder());
        return StartSessionResponse.newBuilder()
                .setId(resumed ? resume : life.sessions().start(call.holder()))
                .setHeartbeatWindow(Durations.fromNanos(life.sessions().window().toNanos()))
                .build();
    }

    private static GetSessionsResponse all(Life life) {
        GetSessionsResponse.Builder all = GetSessionsResponse.newBuilder();
        for (Sessions.Listed one : life.sessions().all()) {
            all.addSessions(Session.newBuilder()
                    .setId(one.id())
                    .setPeerConnectionInfo(PeerConnectionInfo.newBuilder()
                            .setType(
                                    one.agreed()
                                            ? PeerConnectionType.PEER_CONNECTION_TYPE_WEBRTC
                                            : PeerConnectionType.PEER_CONNECTION_TYPE_GRPC)
                            .setRemoteAddress(one.peer())));
        }
        return all.build();
    }

    /** Answers when no expired session is being stopped, which may be much later. */
    private static void whenFree(Life life, Call call, Supplier<Message> answer) {
        life.sessions().whenFree(() -> {
            try {
                call.answer(answer.get());
            } catch (Refusal refusal) {
                call.fail(refusal.status());
            }
        });
    }

    private static void resources(Api<Life> api) {
        api.answer(ResourceNamesRequest.getDefaultInstance(), "ResourceNames", (life, _) -> {
                    ResourceNamesResponse.Builder names = ResourceNamesResponse.newBuilder();
                    here(life).forEach(one -> names.addResources(name(one.api(), one.name())));
                    return names.build();
                })
                .answer(ResourceRPCSubtypesRequest.getDefaultInstance(), "ResourceRPCSubtypes", (life, _) -> {
                    ResourceRPCSubtypesResponse.Builder kinds = ResourceRPCSubtypesResponse.newBuilder();
                    here(life).stream()
                            .map(ResourceSpec::api)
                            .distinct()
                            .forEach(kind -> kinds.addResourceRpcSubtypes(ResourceRPCSubtype.newBuilder()
                                    .setSubtype(name(kind, ""))
                                    .setProtoService(Services.serviceOf(kind))));
                    return kinds.build();
                })
                .answer(
                        GetMachineStatusRequest.getDefaultInstance(),
                        "GetMachineStatus",
                        (life, _) -> StatusReport.of(life))
                .answer(GetCloudMetadataRequest.getDefaultInstance(), "GetCloudMetadata", (life, _) -> {
                    if (!life.spec().managed()) {
                        throw Refusal.of("cloud metadata not available");
                    }
                    return cloud(life.spec());
                });
    }

    private static List<ResourceSpec> here(Life life) {
        return life.initializing() ? List.of() : life.resources().shuffled();
    }

    /** The triple of an API, such as {@code rdk:component:motor}, with a name. */
    static ResourceName name(String api, String name) {
        String[] parts = api.split(":", -1);
        return ResourceName.newBuilder()
                .setNamespace(parts[0])
                .setType(parts[1])
                .setSubtype(parts[2])
                .setName(name)
                .build();
    }

    /** Who the machine is in its cloud; empty for one without. */
    static GetCloudMetadataResponse cloud(MachineSpec spec) {
        return spec.managed()
                ? GetCloudMetadataResponse.newBuilder()
                        .setPrimaryOrgId(id("org"))
                        .setLocationId(id("location"))
                        .setMachineId(id("machine " + spec.name()))
                        .setMachinePartId(SimulatedMachine.partId(spec))
                        .build()
                : GetCloudMetadataResponse.getDefaultInstance();
    }

    /** The same identifier for the same thing each time, so that a demo restarted is the same fleet. */
    static String id(String thing) {
        return UUID.nameUUIDFromBytes(thing.getBytes(StandardCharsets.UTF_8)).toString();
    }

    static com.google.protobuf.Timestamp stamp(Instant instant) {
        return Timestamps.fromNanos(instant.getEpochSecond() * 1_000_000_000L + instant.getNano());
    }
}
