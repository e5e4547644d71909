package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import proto.rpc.v1.AuthServiceGrpc;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;

/** Who may call the cloud: callers of machines and the machines themselves change what they know for a token. */
final class CloudAccess extends AuthServiceGrpc.AuthServiceImplBase implements ServerInterceptor {

    private static final String API_KEY = "api-key";
    private static final List<String> TYPES = List.of(API_KEY, "robot-secret", "robot-location-secret");

    private final TokenSigner signer;

    // As many as the cloud was told of.
    private final Map<Entity, String> secrets = new ConcurrentHashMap<>();

    private record Entity(String type, String name) {}

    CloudAccess(String name, Time time) {
        this.signer = new TokenSigner(name, time);
    }

    /** A key is good from now on. */
    void admit(MachineSpec.Key key) {
        secrets.put(new Entity(API_KEY, key.id()), key.secret());
    }

    /** A machine and its callers are known from now on. */
    void admit(ManagedMachine machine) {
        machine.keys().forEach(this::admit);
        secrets.put(new Entity("robot-secret", machine.partId()), machine.secret());
        secrets.put(new Entity("robot-location-secret", machine.fqdn()), machine.locationSecret());
    }

    @Override
    public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
        String type = request.getCredentials().getType();
        Status refused = null;
        if (!request.hasCredentials()) {
            refused = Status.INVALID_ARGUMENT.withDescription("credentials required");
        } else if (!TYPES.contains(type)) {
            refused = Status.INVALID_ARGUMENT.withDescription(
                    "do not know how to handle credential type \"" + type + "\"");
        } else {
            String secret = secrets.get(new Entity(type, request.getEntity()));
            if (secret == null
                    || !TokenSigner.equal(secret, request.getCredentials().getPayload())) {
                refused = Status.UNAUTHENTICATED.withDescription("invalid credentials");
            }
        }
        if (refused != null) {
            observer.onError(refused.asRuntimeException());
            return;
        }
        observer.onNext(AuthenticateResponse.newBuilder()
                .setAccessToken(signer.sign(request.getEntity(), type))
                .build());
        observer.onCompleted();
    }

    /** Lets only calls with a token pass. */
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            var _ = signer.subject(TokenSigner.bearer(headers));
            return next.startCall(call, headers);
        } catch (Refusal refusal) {
            call.close(refusal.status(), new Metadata());
            return new ServerCall.Listener<>() {};
        }
    }
}
