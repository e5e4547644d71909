package dev.fleetgateway.bench;

import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.util.List;

/**
 * What is asked of the machines by gRPC.
 *
 * @param <Q> the request
 * @param <A> the answer
 */
interface GrpcCall<Q, A> {

    MethodDescriptor<Q, A> method();

    Q request(int slot);

    boolean isGood(A answer);

    /** Gets what calls need to be let through. Returns what they go over, one for each machine. */
    default List<? extends Channel> enter(List<? extends Channel> machines) throws InterruptedException {
        return machines;
    }

    /** Gives it back. */
    default void leave() {}
}
