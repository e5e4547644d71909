package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.connection.Dialer;
import dev.fleetgateway.connection.FailureKind;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.connection.TlsContexts;
import dev.fleetgateway.connection.WebRtcSettings;
import dev.fleetgateway.machine.Address;
import dev.fleetgateway.machine.ApiKey;
import dev.fleetgateway.machine.Machine;
import dev.fleetgateway.machine.RoutePolicy;
import dev.fleetgateway.machine.SessionManagement;
import dev.fleetgateway.machine.Signaling;
import dev.fleetgateway.machine.Tls;
import dev.fleetgateway.peer.NativePeers;
import dev.fleetgateway.route.Candidate;
import dev.fleetgateway.route.Route;
import dev.fleetgateway.route.RouteKinds;
import dev.fleetgateway.route.Way;
import dev.fleetgateway.time.SystemTime;
import io.grpc.Channel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;

/** Channels to machines by WebRTC for a program that is no gateway. */
public final class DataChannels implements AutoCloseable {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final SystemTime time = new SystemTime();
    private final NativePeers peers = new NativePeers(time);
    private final WebRtcDialer dialer;
    private final List<Dialer.Dial> dials = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();

    private DataChannels(DefaultSslBundleRegistry trust) {
        dialer = new WebRtcDialer(
                peers,
                (peer, far) -> new FramedCarrier(new FramedChannel(peer, far, time)),
                new TlsContexts(trust),
                new RouteKinds(List::of, List.of()),
                new WebRtcSettings(100_000, 6_000),
                new WebRtcMeters(new SimpleMeterRegistry()),
                List::of,
                time);
    }

    /**
     * Dials the machines that wait under those names at a signaling server on loopback.
     *
     * @param ca the certificate of its authority
     * @throws IllegalStateException where one cannot be reached
     */
    public static DataChannels to(List<String> hosts, int signalingPort, Path ca, String id, String secret)
            throws IOException, InterruptedException {
        SslBundle trust =
                SslBundle.of(new PemSslStoreBundle(null, PemSslStoreDetails.forCertificate(Files.readString(ca))));
        return new DataChannels(new DefaultSslBundleRegistry("cloud", trust))
                .opened(
                        hosts,
                        new Address("127.0.0.1", signalingPort),
                        new Tls(Tls.Mode.REQUIRED, "127.0.0.1", "cloud"),
                        new ApiKey(id, () -> secret));
    }

    /**
     * Dials one machine by its own signaling server, which is open and on loopback.
     *
     * @throws IllegalStateException where it cannot be reached
     */
    public static DataChannels toOpen(String host, int port) {
        Tls none = new Tls(Tls.Mode.PLAINTEXT, host, null);
        return new DataChannels(new DefaultSslBundleRegistry())
                .opened(List.of(host), new Address("127.0.0.1", port), none, null);
    }

    private DataChannels opened(List<String> hosts, Address server, Tls tls, @Nullable ApiKey key) {
        boolean open = false;
        try {
            for (String host : hosts) {
                Opened opened = new Opened();
                dials.add(dial(host, server, tls, key, opened));
                channels.add(opened.channel
                        .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
                        .join());
            }
            open = true;
            return this;
        } finally {
            if (!open) {
                close();
            }
        }
    }

    private Dialer.Dial dial(String host, Address server, Tls tls, @Nullable ApiKey key, Dialer.Listener listener) {
        Signaling signaling = new Signaling(server, tls, host, List.of());
        Machine machine = new Machine(
                host.substring(0, host.indexOf('.')),
                new Address(host, 8080),
                List.of(),
                Map.of(),
                RoutePolicy.INTERNET_ONLY,
                key,
                tls,
                LONG,
                SessionManagement.AUTO,
                signaling);
        Candidate candidate = new Candidate(
                Route.Kind.INTERNET,
                Route.Via.SIGNALING,
                Route.Transport.WEBRTC,
                server.toString(),
                Candidate.State.UNTRIED,
                "",
                null);
        return dialer.dial(machine, new Way.Signaled(candidate, signaling), listener);
    }

    /** In the order of the names. */
    public List<Channel> channels() {
        return List.copyOf(channels);
    }

    @Override
    public void close() {
        dials.forEach(Dialer.Dial::close);
        dialer.close();
        peers.close();
        time.close();
    }

    private static final class Opened implements Dialer.Listener {

        private final CompletableFuture<Channel> channel = new CompletableFuture<>();

        @Override
        public void opened(Link link, MachineReport.@Nullable Software software) {
            channel.complete(link.channel());
        }

        @Override
        public void failed(FailureKind kind, String reason) {
            channel.completeExceptionally(new IllegalStateException(kind + ": " + reason));
        }

        @Override
        public void broke(FailureKind kind, String reason) {
            // The load sees its calls fail.
        }
    }
}
