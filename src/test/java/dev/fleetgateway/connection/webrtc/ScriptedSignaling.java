package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.machine.Address;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthServiceGrpc;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallResponseInitStage;
import proto.rpc.webrtc.v1.CallResponseUpdateStage;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigRequest;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import proto.rpc.webrtc.v1.SignalingServiceGrpc;
import proto.rpc.webrtc.v1.WebRTCConfig;
import viam.robot.v1.GetCloudMetadataRequest;
import viam.robot.v1.GetCloudMetadataResponse;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.RobotServiceGrpc;

/** A signaling server on loopback that says what the test wants, and behind it the machine whose data channel is no channel. */
final class ScriptedSignaling implements AutoCloseable {

    static final String UUID = "11111111-2222-3333-4444-555555555555";

    /** What it was asked, in order: {@code authenticate}, {@code config}, {@code call}, {@code candidate ...}, {@code done}. */
    final List<String> heard = new CopyOnWriteArrayList<>();

    final List<String> offers = new CopyOnWriteArrayList<>();
    final List<@Nullable String> authorizations = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger connectionsNow = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();

    private final List<StreamObserver<CallResponse>> calls = new CopyOnWriteArrayList<>();
    private final Server server;
    private final Address address;

    volatile boolean signals = true;
    volatile boolean silent;
    volatile @Nullable String key;
    volatile String token = "token-1";
    volatile @Nullable Status refusesConfig;
    volatile @Nullable Status refusesCall;
    volatile boolean disableTrickle;
    volatile String partId = "part-7";

    private static final Context.Key<String> AUTHORIZATION = Context.key("authorization");
    private static final Context.Key<String> HOST = Context.key("host");

    ScriptedSignaling() {
        try {
            server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .addService(new Auth())
                    .addService(new Signaling())
                    .addService((BindableService) new Robot())
                    .intercept(new Notes())
                    .addTransportFilter(new ServerTransportFilter() {
                        @Override
                        public io.grpc.Attributes transportReady(io.grpc.Attributes attributes) {
                            connections.incrementAndGet();
                            connectionsNow.incrementAndGet();
                            return attributes;
                        }

                        @Override
                        public void transportTerminated(io.grpc.Attributes attributes) {
                            connectionsNow.decrementAndGet();
                        }
                    })
                    .build()
                    .start();
            address = new Address("127.0.0.1", server.getPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Address address() {
        return address;
    }

    /** The machine answers the last offer. */
    void answers() {
        answersWith(Base64.getEncoder()
                .encodeToString("{\"type\":\"answer\",\"sdp\":\"v=0 answer\"}".getBytes(StandardCharsets.UTF_8)));
    }

    void answersWith(String packed) {
        calls.getLast()
                .onNext(CallResponse.newBuilder()
                        .setUuid(UUID)
                        .setInit(CallResponseInitStage.newBuilder().setSdp(packed))
                        .build());
    }

    void hasCandidate(String candidate) {
        hasCandidate(UUID, candidate);
    }

    void hasCandidate(String uuid, String candidate) {
        calls.getLast()
                .onNext(CallResponse.newBuilder()
                        .setUuid(uuid)
                        .setUpdate(CallResponseUpdateStage.newBuilder()
                                .setCandidate(ICECandidate.newBuilder()
                                        .setCandidate(candidate)
                                        .setSdpMid("")
                                        .setSdpmLineIndex(0)))
                        .build());
    }

    void endsCall() {
        calls.getLast().onCompleted();
    }

    void failsCall(Status status) {
        calls.getLast().onError(status.asRuntimeException());
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private boolean refuses(StreamObserver<?> observer) {
        String authorization = AUTHORIZATION.get();
        authorizations.add(authorization);
        if (key != null && !("Bearer " + token).equals(authorization)) {
            observer.onError(Status.UNAUTHENTICATED
                    .withDescription("this server did not sign this JWT")
                    .asRuntimeException());
            return true;
        }
        return false;
    }

    private final class Notes implements ServerInterceptor {

        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String authorization = headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER));
            String host = headers.get(Metadata.Key.of("rpc-host", Metadata.ASCII_STRING_MARSHALLER));
            return io.grpc.Contexts.interceptCall(
                    Context.current().withValues(AUTHORIZATION, authorization, HOST, host), call, headers, next);
        }
    }

    private final class Auth extends AuthServiceGrpc.AuthServiceImplBase {

        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
            heard.add("authenticate " + request.getEntity());
            if (key == null) {
                observer.onError(Status.UNIMPLEMENTED.asRuntimeException());
            } else if (!request.getCredentials().getPayload().equals(key)) {
                observer.onError(Status.UNAUTHENTICATED
                        .withDescription("invalid credentials")
                        .asRuntimeException());
            } else {
                observer.onNext(
                        AuthenticateResponse.newBuilder().setAccessToken(token).build());
                observer.onCompleted();
            }
        }
    }

    private final class Signaling extends SignalingServiceGrpc.SignalingServiceImplBase {

        @Override
        public void optionalWebRTCConfig(
                OptionalWebRTCConfigRequest request, StreamObserver<OptionalWebRTCConfigResponse> observer) {
            heard.add("config " + HOST.get());
            Status refusal = signals ? refusesConfig : Status.UNIMPLEMENTED;
            if (silent || refuses(observer)) {
                return;
            }
            if (refusal != null) {
                observer.onError(refusal.asRuntimeException());
                return;
            }
            observer.onNext(OptionalWebRTCConfigResponse.newBuilder()
                    .setConfig(WebRTCConfig.newBuilder()
                            .setDisableTrickle(disableTrickle)
                            .addAdditionalIceServers(proto.rpc.webrtc.v1.ICEServer.newBuilder()
                                    .addUrls("turn:turn.example.com:3478")
                                    .setUsername("u")
                                    .setCredential("c")))
                    .build());
            observer.onCompleted();
        }

        @Override
        public void call(CallRequest request, StreamObserver<CallResponse> observer) {
            if (refuses(observer)) {
                return;
            }
            offers.add(new String(Base64.getDecoder().decode(request.getSdp()), StandardCharsets.UTF_8));
            ((ServerCallStreamObserver<CallResponse>) observer).setOnCancelHandler(cancelled::incrementAndGet);
            calls.add(observer);
            heard.add("call" + (request.getDisableTrickle() ? " whole" : ""));
            Status refusal = refusesCall;
            if (refusal != null) {
                observer.onError(refusal.asRuntimeException());
            }
        }

        @Override
        public void callUpdate(CallUpdateRequest request, StreamObserver<CallUpdateResponse> observer) {
            heard.add(
                    switch (request.getUpdateCase()) {
                        case CANDIDATE -> "candidate " + request.getCandidate().getCandidate();
                        case DONE -> "done";
                        case ERROR -> "error";
                        case UPDATE_NOT_SET -> "nothing";
                    });
            observer.onNext(CallUpdateResponse.getDefaultInstance());
            observer.onCompleted();
        }
    }

    private final class Robot extends RobotServiceGrpc.RobotServiceImplBase {

        @Override
        public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> observer) {
            authorizations.add(AUTHORIZATION.get());
            observer.onNext(GetVersionResponse.newBuilder()
                    .setPlatform("rdk")
                    .setVersion("1.0")
                    .setApiVersion("v0.1")
                    .build());
            observer.onCompleted();
        }

        @Override
        public void getCloudMetadata(
                GetCloudMetadataRequest request, StreamObserver<GetCloudMetadataResponse> observer) {
            observer.onNext(GetCloudMetadataResponse.newBuilder()
                    .setMachinePartId(partId)
                    .build());
            observer.onCompleted();
        }
    }

    /** What of the conversation was heard so far, without what went before it. */
    List<String> conversation() {
        List<String> all = new ArrayList<>(heard);
        return all.subList(all.indexOf("call") < 0 ? all.size() : all.indexOf("call"), all.size());
    }
}
