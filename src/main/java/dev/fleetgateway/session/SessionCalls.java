package dev.fleetgateway.session;

import dev.fleetgateway.connection.CallTracer;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.Question;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.RobotServiceGrpc;
import viam.robot.v1.SendSessionHeartbeatRequest;
import viam.robot.v1.SendSessionHeartbeatResponse;
import viam.robot.v1.StartSessionRequest;
import viam.robot.v1.StartSessionResponse;

/** The two calls by which a session is kept, and what their failures mean. */
final class SessionCalls {

    static final Duration START_PATIENCE = Duration.ofSeconds(5);

    private SessionCalls() {}

    static CompletableFuture<StartSessionResponse> start(Link on) {
        return Question.ask(
                on.channel(),
                RobotServiceGrpc.getStartSessionMethod(),
                StartSessionRequest.getDefaultInstance(),
                START_PATIENCE);
    }

    static CompletableFuture<SendSessionHeartbeatResponse> beat(
            Link on, String id, Duration within, CallTracer tracer) {
        return Question.ask(
                on.channel(),
                RobotServiceGrpc.getSendSessionHeartbeatMethod(),
                SendSessionHeartbeatRequest.newBuilder().setId(id).build(),
                within,
                tracer);
    }

    /** Whether the machine says that the session is not alive. */
    static boolean isExpired(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        return status.getCode() == Status.Code.INVALID_ARGUMENT
                && MachineSession.EXPIRED.equals(status.getDescription());
    }

    /** What became of a beat, in a word for a meter. */
    static String result(@Nullable Throwable failure) {
        if (failure == null) {
            return "ok";
        }
        if (isExpired(failure)) {
            return "expired";
        }
        return Status.fromThrowable(failure).getCode() == Status.Code.DEADLINE_EXCEEDED ? "missed" : "failed";
    }

    /** The machine gave no session. */
    static ProblemException refused(Throwable failure) {
        return notSent(
                Status.fromThrowable(failure).getCode() == Status.Code.DEADLINE_EXCEEDED
                        ? "the machine gave no session within " + START_PATIENCE.toSeconds() + " s"
                        : "the machine gave no session: " + Question.words(failure));
    }

    static ProblemException unsupported() {
        return new ProblemException(Problem.of(
                        ProblemCode.NOT_AVAILABLE_HERE,
                        "This machine keeps no sessions, so nothing but the gateway would stop it when its operator is"
                                + " gone. Nothing was sent. Set gateway.session.allow-unprotected to move it all the same.")
                .outcome(Outcome.NOT_SENT));
    }

    static ProblemException notSent(String why) {
        return new ProblemException(Problem.of(
                        ProblemCode.MACHINE_UNREACHABLE,
                        "There is no session on the machine, without which nothing is moved: " + why
                                + ". Nothing was sent.")
                .outcome(Outcome.NOT_SENT)
                .retryAfter(Duration.ofSeconds(1)));
    }
}
