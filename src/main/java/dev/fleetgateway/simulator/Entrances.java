package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.netty.handler.ssl.SslContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All ways into one machine: its ports, its data channels, and how it is found. They open and close together.
 *
 * <p>Used under the lock of the machine, but for what only tells.
 */
final class Entrances {

    private final MachineSpec spec;
    private final Time time;
    private final Shared shared;
    private final Faults faults;
    private final Listener web;
    private final Optional<Listener> second;
    private final List<Listener> internal;
    private final Optional<DataChannels> channels;

    private volatile int port;
    private volatile int secondPort;
    private List<Announcers.Announcement> announcements = List.of();
    private @Nullable SslContext ownCertificate;

    Entrances(MachineSpec spec, Time time, Shared shared, Faults faults) {
        this.spec = spec;
        this.time = time;
        this.shared = shared;
        this.faults = faults;
        this.port = spec.port();
        this.web = listener(spec.host());
        this.second = spec.secondPort() ? Optional.of(listener(spec.host())) : Optional.empty();
        this.internal = spec.mdns().stream().map(this::listener).toList();
        this.channels = spec.webRtc() ? Optional.of(channels()) : Optional.empty();
    }

    /** The port it listens on, the same each time it opens. */
    int port() {
        return port;
    }

    /** The second one, alike. */
    OptionalInt secondPort() {
        return second.isPresent() ? OptionalInt.of(secondPort) : OptionalInt.empty();
    }

    /** Host and port. */
    String address() {
        return spec.host() + ':' + port;
    }

    /** How many connections there are now, at all ports and by WebRTC. */
    int connections() {
        return ports().mapToInt(Listener::connections).sum()
                + channels.map(DataChannels::connections).orElse(0);
    }

    /** Who answers the offers that come by that network; empty for a machine without WebRTC. */
    Optional<Answerer> answerer(Passage.Network network) {
        return channels.map(all -> all.answerer(network));
    }

    /** The names under which it waits at its cloud's signaling. */
    Set<String> cloudHosts() {
        return Set.of(SimulatedMachine.serverName(spec));
    }

    /** Opens all, for that life of the machine. */
    void open(Life life, Recorder recorder) {
        Intake intake = new Intake(life, faults, recorder);
        SslContext tls = certificate();
        port = web.open(port, intake, tls);
        second.ifPresent(other -> secondPort = other.open(secondPort, intake, tls));
        // As on a real machine, these are others each time.
        internal.forEach(each -> each.open(0, intake, tls));
        channels.ifPresent(all -> {
            all.open(intake);
            life.signalsBy(Signaler.ofMachine(time, ownHosts(), all.answerer(Passage.Network.LAN)));
        });
        announce();
    }

    /** Lets all connections fare as the faults in force say. */
    void refresh() {
        each(Listener::refresh);
        channels.ifPresent(DataChannels::refresh);
    }

    /** Announces the machine at its ports, unless it is not on its network. */
    void announce() {
        silence();
        if (!faults.has(Fault.LEAVE_LAN)) {
            List<String> names = Stream.of(SimulatedMachine.serverName(spec), SimulatedMachine.localName(spec))
                    .flatMap(name -> Stream.of(name, name.replace('.', '-')))
                    .toList();
            announcements = internal.stream()
                    .map(each -> shared.announcers().announce(each.host(), each.port(), names, spec.webRtc()))
                    .toList();
        }
    }

    /** Announces it no more, and says no goodbye. */
    void silence() {
        announcements.forEach(Announcers.Announcement::silence);
        announcements = List.of();
    }

    /** Closes all, as a process that stops. Does not wait. */
    void close() {
        closePorts();
        channels.ifPresent(DataChannels::stop);
    }

    /** Closes the ports; data channels stay. Does not wait. */
    void closePorts() {
        each(Listener::close);
        announcements.forEach(Announcers.Announcement::goodbye);
        announcements = List.of();
    }

    /** Ends all, as a process that is killed, and keeps the ports for when it comes back. */
    void kill() {
        each(Listener::kill);
        channels.ifPresent(DataChannels::kill);
        silence();
        each(Listener::awaitClosed);
        each(Listener::reserve);
    }

    /** Waits until the ports are free again. Not for event loops. */
    void awaitClosed() {
        each(Listener::awaitClosed);
    }

    /** Gives everything back for good. */
    void end() {
        each(Listener::end);
        channels.ifPresent(DataChannels::awaitClosed);
    }

    private Listener listener(String host) {
        return new Listener(host, shared, time, faults);
    }

    private DataChannels channels() {
        return new DataChannels(
                shared.peers()
                        .orElseThrow(() -> new IllegalArgumentException(
                                spec.name() + " answers by WebRTC, for which its fleet was given no library")),
                shared.workers(),
                time,
                faults,
                // A machine takes the list of its names at the signaling for whoever came by it.
                network -> String.join(":", network == Passage.Network.LAN ? ownHosts() : cloudHosts()));
    }

    /** The names under which it waits at its own signaling. */
    private Set<String> ownHosts() {
        Set<String> hosts = new LinkedHashSet<>(cloudHosts());
        hosts.add(SimulatedMachine.localName(spec));
        hosts.add(SimulatedMachine.localName(spec) + ':' + port);
        hosts.add(address());
        return hosts;
    }

    private void each(Consumer<Listener> action) {
        ports().forEach(action);
    }

    private Stream<Listener> ports() {
        return Stream.concat(Stream.concat(Stream.of(web), second.stream()), internal.stream());
    }

    private @Nullable SslContext certificate() {
        if (!spec.tls()) {
            return null;
        }
        if (faults.has(Fault.WRONG_CERTIFICATE)) {
            return new CertificateAuthority("somebody else").server("somebody-else.sim.viam.cloud");
        }
        if (ownCertificate == null) {
            ownCertificate =
                    shared.authority().server(SimulatedMachine.serverName(spec), SimulatedMachine.localName(spec));
        }
        return ownCertificate;
    }
}
