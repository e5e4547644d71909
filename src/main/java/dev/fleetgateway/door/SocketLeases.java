package dev.fleetgateway.door;

import dev.fleetgateway.lease.GrantedLease;
import dev.fleetgateway.lease.Leases;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a socket may ask about leases. Nothing here waits: answers come when they are there. */
final class SocketLeases {

    private static final Logger log = LoggerFactory.getLogger(SocketLeases.class);

    private final Leases leases;

    SocketLeases(Leases leases) {
        this.leases = leases;
    }

    /** {@code lease.acquire}; the lease sits where it was asked for. */
    void acquire(Socket socket, String id, RpcParams params) {
        params.only("machine", "windowMillis", "reason");
        answer(
                socket,
                id,
                leases.acquire(
                        socket.visit(),
                        params.text("machine"),
                        params.millis("windowMillis"),
                        reason(params),
                        socket.seat()),
                lease -> seated(socket, lease));
    }

    /** {@code lease.take}. */
    void take(Socket socket, String id, RpcParams params) {
        params.only("machine", "windowMillis", "reason");
        answer(
                socket,
                id,
                leases.take(
                        socket.visit(),
                        params.text("machine"),
                        params.millis("windowMillis"),
                        reason(params),
                        socket.seat()),
                taken -> {
                    seated(socket, taken.lease());
                    return Json.bytes(LeaseController.members(taken));
                });
    }

    /** {@code lease.resume}: after a stop, or from another socket inside the window. */
    void resume(Socket socket, String id, RpcParams params) {
        params.only("lease");
        answer(
                socket,
                id,
                leases.resume(socket.visit(), null, params.text("lease"), socket.seat()),
                lease -> seated(socket, lease));
    }

    /** {@code lease.release}. */
    void release(Socket socket, @Nullable String id, RpcParams params) {
        params.only("lease");
        String lease = params.text("lease");
        answer(socket, id, leases.release(socket.visit(), null, lease), stop -> {
            socket.seat().gone(lease);
            return Json.bytes(Map.of("stop", stop));
        });
    }

    /** {@code lease.beat}: its holder's page is alive. A lease that has ended was told of by {@code lease.lost}. */
    byte[] beat(Socket socket, RpcParams params) {
        params.only("lease");
        return Json.bytes(leases.renew(socket.visit(), null, params.text("lease")));
    }

    private static byte[] seated(Socket socket, GrantedLease lease) {
        socket.seat().took(lease.machine(), lease.id());
        return Json.bytes(lease);
    }

    private static String reason(RpcParams params) {
        String reason = params.optionalText("reason");
        return new LeaseController.Wanted(null, reason).why();
    }

    private static <T> void answer(
            Socket socket, @Nullable String id, CompletableFuture<T> asked, Function<T, byte[]> written) {
        var _ = asked.whenComplete((got, failure) -> {
            byte[] reply;
            String to = id == null ? "null" : id;
            if (failure == null) {
                reply = RpcReply.result(to, written.apply(got));
            } else if (ProblemException.cause(failure) instanceof ProblemException problem) {
                reply = RpcReply.problem(to, problem.problem());
            } else {
                log.error("A lease on a socket failed in an unforeseen way", failure);
                reply = RpcReply.problem(to, Problem.of(ProblemCode.INTERNAL, "The gateway failed; its log says more"));
            }
            if (id != null) {
                socket.say(reply);
            }
        });
    }
}
