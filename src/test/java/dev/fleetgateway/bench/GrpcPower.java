package dev.fleetgateway.bench;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.MetadataUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import viam.component.motor.v1.MotorServiceGrpc;
import viam.component.motor.v1.SetPowerRequest;
import viam.component.motor.v1.SetPowerResponse;
import viam.robot.v1.RobotServiceGrpc;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

/** The ACT of {@link HttpPower} by gRPC, under a session of the caller's own on each machine, beating as often as the gateway does. */
final class GrpcPower implements GrpcCall<SetPowerRequest, SetPowerResponse> {

    private static final int BEATS_PER_WINDOW = 5;
    private static final Metadata.Key<String> SID = Metadata.Key.of("viam-sid", Metadata.ASCII_STRING_MARSHALLER);

    private @Nullable ScheduledExecutorService beats;

    @Override
    public MethodDescriptor<SetPowerRequest, SetPowerResponse> method() {
        return MotorServiceGrpc.getSetPowerMethod();
    }

    @Override
    public SetPowerRequest request(int slot) {
        return SetPowerRequest.newBuilder()
                .setName("m1")
                .setPowerPct(HttpPower.power(slot))
                .build();
    }

    @Override
    public boolean isGood(SetPowerResponse answer) {
        return true;
    }

    @Override
    public List<Channel> enter(List<? extends Channel> machines) throws InterruptedException {
        ScheduledExecutorService beating = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("bench-beats").factory());
        beats = beating;
        List<ListenableFuture<StartSessionResponse>> asked = new ArrayList<>();
        for (Channel machine : machines) {
            asked.add(RobotServiceGrpc.newFutureStub(machine)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .startSession(StartSessionRequest.getDefaultInstance()));
        }
        List<Channel> present = new ArrayList<>();
        for (int i = 0; i < asked.size(); i++) {
            StartSessionResponse session = answer(asked.get(i));
            Metadata headers = new Metadata();
            headers.put(SID, session.getId());
            present.add(
                    ClientInterceptors.intercept(machines.get(i), MetadataUtils.newAttachHeadersInterceptor(headers)));
            long every = (TimeUnit.SECONDS.toNanos(session.getHeartbeatWindow().getSeconds())
                            + session.getHeartbeatWindow().getNanos())
                    / BEATS_PER_WINDOW;
            SendSessionHeartbeatRequest beat = SendSessionHeartbeatRequest.newBuilder()
                    .setId(session.getId())
                    .build();
            RobotServiceGrpc.RobotServiceFutureStub robot = RobotServiceGrpc.newFutureStub(machines.get(i));
            // That a beat failed shows where it matters: the calls after it fail.
            var _ = beating.scheduleAtFixedRate(
                    () -> {
                        var _ = robot.withDeadlineAfter(10, TimeUnit.SECONDS).sendSessionHeartbeat(beat);
                    },
                    every * i / machines.size(),
                    every,
                    TimeUnit.NANOSECONDS);
        }
        return present;
    }

    private static <T> T answer(ListenableFuture<T> asked) throws InterruptedException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A machine gave no session", e);
        }
    }

    @Override
    public void leave() {
        if (beats != null) {
            beats.shutdownNow();
            beats = null;
        }
    }
}
