package dev.fleetgateway.conformance;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import javax.net.ssl.SSLException;

/** A connection on which nothing is said, with whatever certificate there is: it shows when the machine drops everybody. */
record Wire(ManagedChannel channel) implements AutoCloseable {

    static Wire to(MachineUnderTest machine) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress("127.0.0.1", machine.port()).overrideAuthority(machine.serverName());
        if (!machine.secured()) {
            return new Wire(builder.usePlaintext().build());
        }
        try {
            return new Wire(builder.sslContext(GrpcSslContexts.forClient()
                            .trustManager(InsecureTrustManagerFactory.INSTANCE)
                            .build())
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean connected() {
        return channel.getState(true) == ConnectivityState.READY;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
