package dev.fleetgateway.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import viam.app.v1.AppServiceGrpc;
import viam.app.v1.GetRobotPartRequest;
import viam.app.v1.GetRobotPartResponse;
import viam.app.v1.ListMachineSummariesRequest;
import viam.app.v1.ListMachineSummariesResponse;
import viam.app.v1.ListOrganizationsRequest;
import viam.app.v1.ListOrganizationsResponse;
import viam.app.v1.LocationSummary;
import viam.app.v1.MachineSummary;
import viam.app.v1.OnlineState;
import viam.app.v1.Organization;
import viam.app.v1.PartSummary;
import viam.app.v1.RobotPart;

/** What the cloud says of the machines it knows: which of them are online, and what they are told to be. */
final class CloudOverview extends AppServiceGrpc.AppServiceImplBase {

    static final String ORGANIZATION = RobotApi.id("organization");

    /** A real machine reads its configuration every 10 s; one that missed it three times is offline. */
    private static final Duration OFFLINE_AFTER = Duration.ofSeconds(30);

    private final Time time;

    // As many as the cloud was told of.
    private final Map<String, Known> parts = new ConcurrentHashMap<>();

    private volatile @Nullable Boolean claimed;

    private record Known(String name, BooleanSupplier online, Supplier<@Nullable Instant> heard, Struct config) {}

    CloudOverview(Time time) {
        this.time = time;
    }

    /** A real machine is known from now on, which is online while it reads its configuration. */
    void know(ManagedMachine machine, Supplier<@Nullable Instant> read) {
        parts.put(
                machine.partId(),
                new Known(
                        machine.fqdn(),
                        () -> {
                            Instant last = read.get();
                            return last != null && !last.plus(OFFLINE_AFTER).isBefore(time.now());
                        },
                        read,
                        struct(machine.resources())));
    }

    /** A simulated machine is known from now on. */
    void know(SimulatedMachine machine) {
        parts.put(
                RobotApi.cloud(machine.spec()).getMachinePartId(),
                new Known(machine.name(), machine::reachesCloud, () -> null, Struct.getDefaultInstance()));
    }

    /** Says that every machine is online, or that none is, whatever is true; with null the truth again. */
    void claim(@Nullable Boolean online) {
        claimed = online;
    }

    private boolean online(Known part) {
        Boolean all = claimed;
        return all == null ? part.online().getAsBoolean() : all;
    }

    private static Struct struct(String json) {
        Struct.Builder struct = Struct.newBuilder();
        try {
            JsonFormat.parser().merge(json, struct);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("These resources are no JSON: " + e.getMessage(), e);
        }
        return struct.build();
    }

    @Override
    public void listOrganizations(
            ListOrganizationsRequest request, StreamObserver<ListOrganizationsResponse> observer) {
        observer.onNext(ListOrganizationsResponse.newBuilder()
                .addOrganizations(Organization.newBuilder().setId(ORGANIZATION).setName("simulated"))
                .build());
        observer.onCompleted();
    }

    @Override
    public void listMachineSummaries(
            ListMachineSummariesRequest request, StreamObserver<ListMachineSummariesResponse> observer) {
        if (!request.getOrganizationId().equals(ORGANIZATION)) {
            observer.onError(Status.PERMISSION_DENIED
                    .withDescription("not allowed to see this organization")
                    .asRuntimeException());
            return;
        }
        LocationSummary.Builder location = LocationSummary.newBuilder().setLocationId("simulated");
        parts.entrySet().stream()
                .limit(request.hasLimit() ? request.getLimit() : 100)
                .forEach(each -> {
                    PartSummary.Builder part = PartSummary.newBuilder()
                            .setPartId(each.getKey())
                            .setPartName(each.getValue().name())
                            .setOnlineState(
                                    online(each.getValue())
                                            ? OnlineState.ONLINE_STATE_ONLINE
                                            : OnlineState.ONLINE_STATE_OFFLINE);
                    Instant heard = each.getValue().heard().get();
                    if (heard != null) {
                        part.setLastAccess(RobotApi.stamp(heard));
                    }
                    location.addMachineSummaries(MachineSummary.newBuilder()
                            .setMachineName(each.getValue().name())
                            .addPartSummaries(part));
                });
        observer.onNext(ListMachineSummariesResponse.newBuilder()
                .addLocationSummaries(location)
                .build());
        observer.onCompleted();
    }

    @Override
    public void getRobotPart(GetRobotPartRequest request, StreamObserver<GetRobotPartResponse> observer) {
        Known known = parts.get(request.getId());
        if (known == null) {
            observer.onError(Status.NOT_FOUND
                    .withDescription("no machine part " + request.getId())
                    .asRuntimeException());
            return;
        }
        observer.onNext(GetRobotPartResponse.newBuilder()
                .setPart(RobotPart.newBuilder().setId(request.getId()).setRobotConfig(known.config()))
                .build());
        observer.onCompleted();
    }
}
