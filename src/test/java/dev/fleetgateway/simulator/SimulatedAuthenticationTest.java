package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import proto.rpc.v1.Credentials;
import viam.robot.v1.GetVersionRequest;
import viam.robot.v1.GetVersionResponse;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

class SimulatedAuthenticationTest {

    private static final String ROBOT = "viam.robot.v1.RobotService/";

    private final SimulatedFleet fleet = SimulatedFleet.start(
            new FakeTime(),
            MachineSpec.named("safe").withTls().withKey("the-key", "the-secret"),
            MachineSpec.named("open"));
    private final SimulatedMachine machine = fleet.machine("safe").orElseThrow();
    private final Caller caller = Caller.of(machine);

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void goodCredentialsGetATokenThatOpensTheMachine() {
        var reply = authenticate("the-key", "api-key", "the-secret");
        assertThat(reply.opid()).isNull();
        assertThat(reply.only().getAccessToken().split("\\.")).hasSize(3);
        caller.with(Tokens.AUTHORIZATION, "Bearer " + reply.only().getAccessToken());
        assertThat(version().code()).isEqualTo(Code.OK);
        var unknown = caller.call(ROBOT + "Dance", Empty.getDefaultInstance(), Empty.getDefaultInstance());
        assertThat(unknown.code()).isEqualTo(Code.UNIMPLEMENTED);
    }

    @Test
    void badCredentialsAreRefusedInTheExactWords() {
        refused(authenticate("the-key", "api-key", "wrong"), Code.UNAUTHENTICATED, "invalid credentials");
        refused(authenticate("other", "api-key", "the-secret"), Code.UNAUTHENTICATED, "invalid credentials");
        refused(
                authenticate("the-key", "robot-secret", "the-secret"),
                Code.INVALID_ARGUMENT,
                "do not know how to handle credential type \"robot-secret\"");
        refused(authenticate(AuthenticateRequest.getDefaultInstance()), Code.INVALID_ARGUMENT, "credentials required");
        caller.with(Tokens.AUTHORIZATION, "");
        refused(
                authenticate("the-key", "api-key", "the-secret"),
                Code.INVALID_ARGUMENT,
                "already authenticated; cannot re-authenticate");
    }

    @Test
    void withoutAGoodTokenNothingIsAnsweredNotEvenThatAMethodIsUnknown() {
        var unknown = caller.call(ROBOT + "Dance", Empty.getDefaultInstance(), Empty.getDefaultInstance());
        refused(unknown, Code.UNAUTHENTICATED, "authentication required");
        refused(version(), Code.UNAUTHENTICATED, "authentication required");
        caller.with(Tokens.AUTHORIZATION, "bearer x");
        refused(version(), Code.UNAUTHENTICATED, "expected authorization header with prefix: Bearer ");
        caller.with(Tokens.AUTHORIZATION, "Bearer y");
        refused(version(), Code.UNAUTHENTICATED, "authentication required");
        caller.without(Tokens.AUTHORIZATION).with(Tokens.AUTHORIZATION, "Bearer garbage");
        assertThat(version().text()).startsWith("unauthenticated: ");
    }

    @Test
    void aTokenDiesWithItsProcessAndTheNextOneWorks() {
        String token = authenticate("the-key", "api-key", "the-secret").only().getAccessToken();
        machine.restart();
        caller.with(Tokens.AUTHORIZATION, "Bearer " + token);
        // The old connection may still be taken for good for a moment.
        var reply = await().until(this::version, answer -> answer.code() != Code.UNAVAILABLE);
        assertThat(reply.code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(reply.text()).matches("unauthenticated: this server did not sign this JWT with kid \".{36}\"");
        caller.without(Tokens.AUTHORIZATION);
        caller.with(
                Tokens.AUTHORIZATION,
                "Bearer "
                        + authenticate("the-key", "api-key", "the-secret")
                                .only()
                                .getAccessToken());
        assertThat(version().code()).isEqualTo(Code.OK);
    }

    @Test
    void refusingAuthenticationKillsTokensUntilMended() {
        String token = authenticate("the-key", "api-key", "the-secret").only().getAccessToken();
        machine.refuseAuth();
        refused(authenticate("the-key", "api-key", "the-secret"), Code.UNAUTHENTICATED, "invalid credentials");
        caller.with(Tokens.AUTHORIZATION, "Bearer " + token);
        assertThat(version().code()).isEqualTo(Code.UNAUTHENTICATED);
        machine.mend();
        assertThat(version().code()).isEqualTo(Code.OK);
    }

    @Test
    void anOpenMachineKnowsNoAuthenticationAndIgnoresTokens() {
        try (Caller open = Caller.of(fleet.machine("open").orElseThrow())) {
            var reply = open.call(
                    "proto.rpc.v1.AuthService/Authenticate",
                    AuthenticateRequest.getDefaultInstance(),
                    AuthenticateResponse.getDefaultInstance());
            refused(reply, Code.UNIMPLEMENTED, "Unimplemented");
            open.with(Tokens.AUTHORIZATION, "whatever");
            assertThat(open.call(
                                    ROBOT + "GetVersion",
                                    GetVersionRequest.getDefaultInstance(),
                                    GetVersionResponse.getDefaultInstance())
                            .only()
                            .getPlatform())
                    .isEqualTo("rdk");
        }
    }

    @Test
    void anotherCallersSessionLooksExpired() {
        Sessions sessions = new Sessions(new FakeTime(), Duration.ofSeconds(2), (_, stopped) -> stopped.run());
        String sid = sessions.start(new Sessions.Holder("one", null));
        assertThat(sessions.beat(sid, new Sessions.Holder("other", null))).isFalse();
        assertThat(sessions.beat(sid, new Sessions.Holder("one", null))).isTrue();
    }

    @Test
    void oneSessionMoreThanFitIsRefused() {
        caller.with(
                Tokens.AUTHORIZATION,
                "Bearer "
                        + authenticate("the-key", "api-key", "the-secret")
                                .only()
                                .getAccessToken());
        String sid = "";
        for (int i = 0; i < Sessions.MOST; i++) {
            sid = startSession().only().getId();
        }
        refused(startSession(), Code.UNKNOWN, "too many concurrent sessions");
        assertThat(caller.call(
                                ROBOT + "SendSessionHeartbeat",
                                SendSessionHeartbeatRequest.newBuilder()
                                        .setId(sid)
                                        .build(),
                                SendSessionHeartbeatResponse.getDefaultInstance())
                        .code())
                .isEqualTo(Code.OK);
    }

    private Caller.Reply<StartSessionResponse> startSession() {
        return caller.call(
                ROBOT + "StartSession",
                StartSessionRequest.getDefaultInstance(),
                StartSessionResponse.getDefaultInstance());
    }

    private Caller.Reply<GetVersionResponse> version() {
        return caller.call(
                ROBOT + "GetVersion", GetVersionRequest.getDefaultInstance(), GetVersionResponse.getDefaultInstance());
    }

    private Caller.Reply<AuthenticateResponse> authenticate(String entity, String type, String payload) {
        return authenticate(AuthenticateRequest.newBuilder()
                .setEntity(entity)
                .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                .build());
    }

    private Caller.Reply<AuthenticateResponse> authenticate(AuthenticateRequest request) {
        return caller.call("proto.rpc.v1.AuthService/Authenticate", request, AuthenticateResponse.getDefaultInstance());
    }

    private static void refused(Caller.Reply<?> reply, Code code, String text) {
        assertThat(reply.code()).isEqualTo(code);
        assertThat(reply.text()).isEqualTo(text);
        if (code == Code.UNAUTHENTICATED || code == Code.INVALID_ARGUMENT) {
            assertThat(reply.opid()).isNull();
        }
    }
}
