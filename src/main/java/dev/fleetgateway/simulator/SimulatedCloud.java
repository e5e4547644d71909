package dev.fleetgateway.simulator;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.fleetgateway.time.Time;
import io.grpc.HandlerRegistry;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small cloud: it brings callers and machines together by signaling, knows who may call, configures real machines that are
 * managed by it, and says which machines are online. It speaks TLS with a certificate of its own authority, and breaks in the ways its verbs say. A verb returns when
 * what it says is in force; none may be called on an event loop.
 *
 * <p>Safe for use by many threads.
 */
public final class SimulatedCloud implements AutoCloseable {

    private final CloudSpec spec;
    private final Shared shared = new Shared(
            SimulatedFleet.group("cloud-accept", 1),
            SimulatedFleet.group("cloud", 2),
            new CertificateAuthority("simulated cloud"),
            Optional.empty(),
            new Announcers());
    private final Methods methods = new Methods();
    private final Listener listener;
    private final SslContext tls;
    private final int port;
    private final Signaler signaler;
    private final CloudSignaling signaling;
    private final CloudAccess access;
    private final CloudConfiguration configuration;
    private final CloudOverview overview;
    private final CloudFaults faults;
    private final Faults network;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private boolean refusing;

    private SimulatedCloud(Time time, CloudSpec spec) {
        this.spec = spec;
        this.network = new Faults(time);
        this.listener = new Listener(spec.address(), shared, time, network);
        this.signaler = Signaler.ofCloud(time);
        this.signaling = new CloudSignaling(signaler, time);
        this.access = new CloudAccess(spec.name(), time);
        this.faults = new CloudFaults(time);
        spec.keys().forEach(access::admit);
        spec.machines().forEach(access::admit);
        Set<String> addresses = new TreeSet<>(List.of("127.0.0.1", spec.address()));
        this.tls = shared.authority().server(shared.authority().issue(spec.name(), Set.of("localhost"), addresses));
        try {
            this.port = listener.open(spec.port(), methods, tls);
        } catch (RuntimeException e) {
            endThreads();
            throw e;
        }
        this.configuration = new CloudConfiguration(spec.machines(), shared.authority(), address(), time);
        this.overview = new CloudOverview(time);
        spec.machines().forEach(machine -> overview.know(machine, () -> configuration.readAt(machine.partId())));
        // The last one is the first that a call meets.
        methods.are(
                ServerInterceptors.intercept(access, faults),
                ServerInterceptors.intercept(signaling, signaling, access, faults),
                ServerInterceptors.intercept(configuration, access, faults),
                ServerInterceptors.intercept(overview, access, faults));
    }

    /** Starts a cloud. It listens when this returns. */
    public static SimulatedCloud start(Time time, CloudSpec spec) {
        return new SimulatedCloud(time, spec);
    }

    /** The name in its certificate. */
    public String name() {
        return spec.name();
    }

    /** Where to reach it, as host and port. */
    public String address() {
        return spec.address() + ':' + port;
    }

    /** The port it listens on, the same over all faults. */
    public int port() {
        return port;
    }

    /** The certificate of the authority that signed its own and those of the machines that it manages. */
    public String caPem() {
        return shared.authority().pem();
    }

    /** A key is good from now on. */
    public void admit(MachineSpec.Key key) {
        access.admit(key);
    }

    /**
     * Machines of a fleet that are managed are known from now on, and their keys are good; those that answer by WebRTC wait there while
     * they are up and have internet.
     */
    public void connect(SimulatedFleet fleet) {
        for (SimulatedMachine machine : fleet.machines()) {
            machine.credentials().ifPresent(this::admit);
            if (machine.spec().managed()) {
                overview.know(machine);
            }
            if (machine.spec().managed()) {
                machine.answerer(Passage.Network.INTERNET)
                        .ifPresent(answerer -> signaler.attend(machine.cloudHosts(), answerer, machine::reachesCloud));
            }
        }
    }

    /** On how many streams real machines wait for a caller of that host. */
    public int waiting(String host) {
        return signaling.waiting(host);
    }

    /** How often a managed machine has read its configuration. */
    public long reads(ManagedMachine machine) {
        return configuration.reads(machine.partId());
    }

    /** Has a managed machine be told otherwise from its next reading on, of resources or what else it is. */
    public void configure(ManagedMachine machine) {
        configuration.configure(machine);
        overview.know(machine, () -> configuration.readAt(machine.partId()));
    }

    /** Says to whoever asks that every machine is online, or that none is, whatever is true; with null the truth again. */
    public void claim(@Nullable Boolean online) {
        overview.claim(online);
    }

    /** Loses its signaling: machines that wait there are sent away, callers are refused. All else goes on. */
    public void signalingDown() {
        faults.signalingDown();
        signaling.breakOff();
    }

    /** Goes on accepting connections and says nothing any more, on old ones neither. What was said to it is heard when it is mended. */
    public void silent() {
        network.set(Fault.LEAVE_LAN, true);
        listener.refresh();
    }

    /** Drops its connections and refuses new ones. */
    public void refuse() {
        lock.lock();
        try {
            if (!refusing) {
                refusing = true;
                listener.kill();
                listener.awaitClosed();
                listener.reserve();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes calls and does not answer them until it is mended, and then it does. */
    public void hang() {
        faults.hang();
    }

    /** Refuses every call, over connections that are well. */
    public void answerErrors() {
        faults.fail();
    }

    /** Begins with calls only after a while. */
    public void delay(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("A delay of " + by + " is in the past");
        }
        faults.delay(by);
    }

    /** Ends all faults. */
    public void mend() {
        lock.lock();
        try {
            if (refusing) {
                refusing = false;
                listener.open(port, methods, tls);
            }
        } finally {
            lock.unlock();
        }
        network.clear();
        listener.refresh();
        faults.mend();
    }

    /** Ends it and its threads. */
    @Override
    public void close() {
        listener.close();
        listener.end();
        endThreads();
    }

    private void endThreads() {
        for (EventLoopGroup group : List.of(shared.boss(), shared.workers())) {
            var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** All methods, known only after the port is: a machine is told where its callers come from. */
    private static final class Methods extends HandlerRegistry {

        private volatile Map<String, ServerMethodDefinition<?, ?>> methods = Map.of();

        void are(ServerServiceDefinition... services) {
            methods = Stream.of(services)
                    .flatMap(service -> service.getMethods().stream())
                    .collect(Collectors.toUnmodifiableMap(
                            method -> method.getMethodDescriptor().getFullMethodName(), Function.identity()));
        }

        @Override
        public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String path, @Nullable String authority) {
            return methods.get(path);
        }
    }
}
