package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import proto.rpc.v1.AuthenticateRequest;

/** Who may call one machine: keys are changed for tokens. */
final class Tokens {

    static final Metadata.Key<String> AUTHORIZATION = TokenSigner.AUTHORIZATION;

    private static final String API_KEY = "api-key";

    private final MachineSpec.@Nullable Key key;
    private final TokenSigner signer;
    private final Faults faults;

    /**
     * @param key the only key that is good; without one the machine is open
     * @param audience the name of the machine in its tokens
     */
    Tokens(MachineSpec.@Nullable Key key, String audience, Time time, Faults faults) {
        this.key = key;
        this.signer = new TokenSigner(audience, time);
        this.faults = faults;
    }

    /** A token for good credentials. */
    String authenticate(AuthenticateRequest request, Metadata headers) {
        if (key == null) {
            throw new Refusal(Status.UNIMPLEMENTED.withDescription("Unimplemented"));
        }
        if (headers.containsKey(AUTHORIZATION)) {
            throw invalid("already authenticated; cannot re-authenticate");
        }
        if (!request.hasCredentials()) {
            throw invalid("credentials required");
        }
        String type = request.getCredentials().getType();
        if (!type.equals(API_KEY)) {
            throw invalid("do not know how to handle credential type \"" + type + "\"");
        }
        boolean good = request.getEntity().equals(key.id())
                && TokenSigner.equal(request.getCredentials().getPayload(), key.secret());
        if (!good || faults.has(Fault.REFUSE_AUTH)) {
            throw new Refusal(Status.UNAUTHENTICATED.withDescription("invalid credentials"));
        }
        return signer.sign(key.id(), API_KEY);
    }

    /** Who calls: the subject of a good token; nobody in particular on an open machine. */
    String caller(Metadata headers) {
        boolean refusing = faults.has(Fault.REFUSE_AUTH);
        if (key == null && !refusing) {
            return "";
        }
        String token = TokenSigner.bearer(headers);
        if (refusing) {
            throw TokenSigner.unknownSigner(token);
        }
        return signer.subject(token);
    }

    private static Refusal invalid(String text) {
        return new Refusal(Status.INVALID_ARGUMENT.withDescription(text));
    }
}
