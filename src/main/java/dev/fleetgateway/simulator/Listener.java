package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.HandlerRegistry;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The socket of one machine, or of a cloud, and the connections on it, which can be ended in a good way and in a bad one. */
final class Listener {

    /** HTTP/2 streams on one connection, as a real machine allows. */
    private static final int STREAMS = 250;

    private static final int WINDOW = 1 << 20;
    private static final int MOST_HEADER_BYTES = 32 << 20;

    /** Room above the largest message, so that its refusal can have the machine's own words. */
    private static final int MOST_READ = Inbound.MOST_BYTES * 2;

    private static final int MOST_CONNECTIONS = 1_024;
    private static final long CLOSING_SECONDS = 5;
    private static final int REOPENING_ATTEMPTS = 500;

    private final String host;
    private final Shared shared;
    private final Time time;
    private final Faults faults;
    private final Set<Channel> connections = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Server server;
    private volatile @Nullable Socket reserved;
    private volatile int lastPort = -1;

    /**
     * Uses the event loops of the whole fleet.
     *
     * @param host the address to listen on
     */
    Listener(String host, Shared shared, Time time, Faults faults) {
        this.host = host;
        this.shared = shared;
        this.time = time;
        this.faults = faults;
    }

    String host() {
        return host;
    }

    /**
     * Begins to listen.
     *
     * @param port zero for any
     * @return the port in use
     */
    int open(int port, HandlerRegistry methods, @Nullable SslContext tls) {
        release();
        // A closed port is free only when its event loop has looked round once more, and each attempt makes it do so.
        int attempts = port == lastPort ? REOPENING_ATTEMPTS : 1;
        while (true) {
            Server opened = server(port, methods, tls);
            try {
                opened.start();
                server = opened;
                lastPort = opened.getPort();
                return lastPort;
            } catch (IOException e) {
                attempts--;
                if (attempts == 0) {
                    throw new UncheckedIOException("Nothing simulated can listen on " + host + ':' + port, e);
                }
            }
        }
    }

    private Server server(int port, HandlerRegistry methods, @Nullable SslContext tls) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .bossEventLoopGroup(shared.boss())
                .workerEventLoopGroup(shared.workers())
                .channelFactory(Counting::new)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .directExecutor()
                .maxConcurrentCallsPerConnection(STREAMS)
                .flowControlWindow(WINDOW)
                .maxInboundMessageSize(MOST_READ)
                .maxInboundMetadataSize(MOST_HEADER_BYTES)
                .permitKeepAliveTime(1, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .fallbackHandlerRegistry(methods);
        if (tls != null) {
            builder.sslContext(tls);
        }
        return builder.build();
    }

    /** Ends listening and all connections: they are closed, as by a process that stops. Does not wait. */
    void close() {
        Server closing = server;
        if (closing != null) {
            closing.shutdownNow();
        }
    }

    /** Ends listening and all connections: they are reset, as by a process that is killed. Does not wait. */
    void kill() {
        for (Channel connection : connections) {
            try {
                connection.config().setOption(ChannelOption.SO_LINGER, 0);
            } catch (ChannelException closedByTheOtherSideJustNow) {
                continue;
            }
            var _ = connection.close();
        }
        close();
    }

    /** Lets all connections fare as the faults in force say, from when it returns. Not for event loops. */
    void refresh() {
        List<Future<?>> refreshed = new ArrayList<>();
        for (Channel connection : connections) {
            // One that is not registered yet looks for itself when it is.
            if (connection.isRegistered()) {
                refreshed.add(connection.eventLoop().submit(() -> refresh(connection)));
            }
        }
        for (Future<?> each : refreshed) {
            // An event loop that has ended has no connection left to refresh.
            boolean _ = each.awaitUninterruptibly(CLOSING_SECONDS, TimeUnit.SECONDS);
        }
    }

    private void refresh(Channel connection) {
        Passage passage = faults.passage(Passage.Network.LAN);
        TroubledLine line = connection.pipeline().get(TroubledLine.class);
        if (line == null && !passage.equals(Passage.FREE)) {
            line = new TroubledLine(time);
            connection.pipeline().addFirst(line);
        }
        if (line != null) {
            line.becomes(connection.pipeline().context(line), passage);
        }
    }

    /** Waits until the port is free again. Not for event loops. */
    void awaitClosed() {
        Server closing = server;
        try {
            if (closing != null && !closing.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "A simulated machine did not close its port in " + CLOSING_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server = null;
    }

    /** Gives everything back for good. */
    void end() {
        awaitClosed();
        release();
    }

    /**
     * Keeps the port of a machine that is off: nothing listens there, and nobody else gets it. Without this an outgoing
     * connection of the same host may take it, even one that tries to reach this very machine.
     */
    void reserve() {
        for (int attempt = 0; attempt < REOPENING_ATTEMPTS && reserved == null; attempt++) {
            Socket socket = new Socket();
            try {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(host, lastPort));
                reserved = socket;
            } catch (IOException stillClosing) {
                var _ = shared.boss().submit(() -> {}).awaitUninterruptibly();
            }
        }
    }

    private void release() {
        try (Socket _ = reserved) {
            reserved = null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port in use, or the last one that was. */
    int port() {
        return lastPort;
    }

    int connections() {
        return connections.size();
    }

    /** A server socket that knows its connections, of which gRPC itself tells nothing. */
    private final class Counting extends NioServerSocketChannel {

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            for (Object each : accepted) {
                if (each instanceof SocketChannel connection) {
                    admit(connection);
                }
            }
            return count;
        }
    }

    private void admit(SocketChannel connection) {
        if (connections.size() >= MOST_CONNECTIONS) {
            connection.unsafe().closeForcibly();
            return;
        }
        if (connections.add(connection)) {
            connection.pipeline().addFirst(new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel registered) {
                    refresh(registered);
                }
            });
            var _ = connection.closeFuture().addListener(_ -> connections.remove(connection));
        }
    }
}
