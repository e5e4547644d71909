package dev.fleetgateway.connection.webrtc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.time.Time;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Connections to signaling servers, shared by the dials of all machines that use the same server, whatever their keys, and closed
 * when nobody has dialed for a while. All share one event loop.
 */
final class Lines implements AutoCloseable {

    /** Dials on one connection; servers allow 100 streams and more, and a dial has a few. The next takes another connection. */
    static final int MOST_DIALS = 30;

    static final Duration IDLE = Duration.ofSeconds(30);

    private final TlsContexts tlsContexts;
    private final Time time;
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("gateway-signaling", true), NioIoHandler.newFactory());
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Line> lines = new ArrayList<>();

    Lines(TlsContexts tlsContexts, Time time) {
        this.tlsContexts = tlsContexts;
        this.time = time;
    }

    /** A server and how the way to it is protected. */
    record Server(Address address, Tls tls) {

        static Server of(Signaling signaling) {
            return new Server(signaling.address(), signaling.tls());
        }
    }

    /**
     * A connection with room for one more dial. It must be given back.
     *
     * @throws org.springframework.boot.ssl.NoSuchSslBundleException where its bundle is not there
     */
    Line borrow(Server server) {
        lock.lock();
        try {
            for (Line line : lines) {
                if (line.server.equals(server) && line.dials < MOST_DIALS) {
                    line.dials++;
                    line.keep();
                    return line;
                }
            }
            Line made = new Line(server, connect(server));
            made.dials = 1;
            lines.add(made);
            return made;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends none of those there are any more, since they may be dead without knowing: the gateway's own networks are others now.
     * Dials that have one go on with it.
     */
    void leaveAll() {
        List<Line> idle;
        lock.lock();
        try {
            idle = lines.stream().filter(line -> line.dials == 0).toList();
            idle.forEach(Line::keep);
            lines.clear();
        } finally {
            lock.unlock();
        }
        idle.forEach(line -> line.channel.shutdownNow());
    }

    int open() {
        lock.lock();
        try {
            return lines.size();
        } finally {
            lock.unlock();
        }
    }

    private ManagedChannel connect(Server server) {
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(server.address.host(), server.address.port())
                .overrideAuthority(server.tls.serverName())
                .eventLoopGroup(loop)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .disableRetry()
                .disableServiceConfigLookUp()
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .maxTraceEvents(0);
        if (server.tls.mode() == Tls.Mode.PLAINTEXT) {
            builder.negotiationType(NegotiationType.PLAINTEXT);
        } else {
            builder.sslContext(tlsContexts.context(server.tls.bundle()));
        }
        return builder.build();
    }

    /** Closes all; calls in flight end. */
    @Override
    public void close() {
        List<Line> all;
        lock.lock();
        try {
            all = List.copyOf(lines);
            lines.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(line -> line.channel.shutdownNow());
        // The channels still have something to do on it.
        var _ = loop.shutdownGracefully(100, 1000, TimeUnit.MILLISECONDS);
    }

    /** One connection. */
    final class Line {

        private final Server server;
        private final ManagedChannel channel;

        // Guarded by the lock of all.
        private int dials;
        private Time.@Nullable Timer idle;

        private Line(Server server, ManagedChannel channel) {
            this.server = server;
            this.channel = channel;
        }

        Channel channel() {
            return channel;
        }

        private void keep() {
            if (idle != null) {
                idle.cancel();
                idle = null;
            }
        }

        /**
         * Gives it back. Once for each time it was borrowed.
         *
         * @param good false where it may be a connection that is dead without knowing: no further dial gets it
         */
        void giveBack(boolean good) {
            boolean end;
            lock.lock();
            try {
                dials--;
                if (!good) {
                    lines.remove(this);
                }
                end = dials == 0 && !lines.contains(this);
                if (dials == 0 && !end) {
                    idle = time.after(IDLE, this::endIfIdle);
                }
            } finally {
                lock.unlock();
            }
            if (end) {
                channel.shutdown();
            }
        }

        private void endIfIdle() {
            boolean end;
            lock.lock();
            try {
                end = dials == 0 && lines.remove(this);
            } finally {
                lock.unlock();
            }
            if (end) {
                channel.shutdown();
            }
        }
    }
}
