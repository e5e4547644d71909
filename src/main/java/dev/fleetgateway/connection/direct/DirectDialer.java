package dev.fleetgateway.connection.direct;

import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.Time;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.stereotype.Component;

/** Opens links over HTTP/2. All machines share the event loops, one per core, and no machine has a thread. */
@Component
public final class DirectDialer implements Dialer, AutoCloseable {

    /** Viam's limit for a message, both ways (2^25 bytes, as viam-server and its Go client set it). */
    static final int MAX_MESSAGE = 33_554_432;

    private static final int MAX_METADATA = 64 * 1024;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(),
            new DefaultThreadFactory("gateway-machines", true),
            NioIoHandler.newFactory());
    private final TlsContexts tlsContexts;
    private final RouteKinds kinds;
    private final Time time;

    /** Opens nothing yet. */
    public DirectDialer(TlsContexts tlsContexts, RouteKinds kinds, Time time) {
        this.tlsContexts = tlsContexts;
        this.kinds = kinds;
        this.time = time;
    }

    @Override
    public boolean takes(Way way) {
        return way instanceof Way.Direct;
    }

    @Override
    public Dial dial(Machine machine, Way way, Listener listener) {
        if (!(way instanceof Way.Direct(Candidate candidate, InetSocketAddress address))) {
            throw new IllegalArgumentException("not a way over HTTP/2: " + way);
        }
        boolean tls = machine.tls().mode() == Tls.Mode.REQUIRED;
        DirectDial dial = new DirectDial(machine, address, candidate.via(), listener, kinds, time);
        try {
            dial.start(channel(machine, address, tls, dial));
        } catch (NoSuchSslBundleException e) {
            listener.failed(
                    FailureKind.CERTIFICATE,
                    "there is no SSL bundle named " + e.getBundleName() + "; define it under spring.ssl.bundle");
        }
        return dial;
    }

    // The only way to give one channel its own resolver; the registry is for all channels of a JVM.
    @SuppressWarnings("deprecation")
    private NettyChannelBuilder channel(Machine machine, InetSocketAddress address, boolean tls, DirectDial dial) {
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget("machine:///" + machine.name())
                .nameResolverFactory(OneConnection.to(address, dial))
                .defaultLoadBalancingPolicy(OneConnection.POLICY)
                .overrideAuthority(machine.tls().serverName())
                .proxyDetector(_ -> null)
                .eventLoopGroup(loops)
                .channelFactory(
                        machine.address().isLocalName() && kinds.isOnLink(address.getAddress())
                                ? OnLinkSocket::new
                                : NioSocketChannel::new)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(machine.dialTimeout().toMillis()))
                // What could not be sent is dropped at the close: nothing may arrive later that was meant for then.
                .withOption(ChannelOption.SO_LINGER, 0)
                .directExecutor()
                .offloadExecutor(Runnable::run)
                .disableRetry()
                .disableServiceConfigLookUp()
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .keepAliveWithoutCalls(true)
                .idleTimeout(Long.MAX_VALUE, TimeUnit.DAYS)
                .maxInboundMessageSize(MAX_MESSAGE)
                .maxInboundMetadataSize(MAX_METADATA)
                .maxTraceEvents(0);
        return tls
                ? builder.sslContext(tlsContexts.context(machine.tls().bundle()))
                : builder.negotiationType(NegotiationType.PLAINTEXT);
    }

    /** Ends the event loops; every link breaks. */
    @Override
    public void close() {
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
