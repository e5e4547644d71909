package dev.fleetgateway.simulator;

import com.google.protobuf.util.Durations;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.netty.pkitesting.X509Bundle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import viam.app.v1.CertificateRequest;
import viam.app.v1.CertificateResponse;
import viam.app.v1.ConfigRequest;
import viam.app.v1.ConfigResponse;
import viam.app.v1.LogRequest;
import viam.app.v1.LogResponse;
import viam.app.v1.NeedsRestartRequest;
import viam.app.v1.NeedsRestartResponse;
import viam.app.v1.RobotConfig;
import viam.app.v1.RobotServiceGrpc;

/** Tells managed machines what they are: all that a real viam-server needs to come up, and no more. */
final class CloudConfiguration extends RobotServiceGrpc.RobotServiceImplBase {

    private static final int RESTART_CHECK_SECONDS = 5;

    // As many as the cloud was told of.
    private final Map<String, Managed> machines = new ConcurrentHashMap<>();
    private final String signaling;
    private final Time time;

    private record Managed(
            RobotConfig config, X509Bundle certificate, AtomicLong reads, AtomicReference<@Nullable Instant> readAt) {}

    /**
     * @param signaling where callers are brought to the machines
     */
    CloudConfiguration(List<ManagedMachine> managed, CertificateAuthority authority, String signaling, Time time) {
        this.signaling = signaling;
        this.time = time;
        for (ManagedMachine machine : managed) {
            machines.put(
                    machine.partId(),
                    new Managed(
                            machine.configuration(signaling),
                            // One for good: a machine that gets another drops all its connections.
                            authority.issue(machine.fqdn(), Set.of(machine.localFqdn()), Set.of()),
                            new AtomicLong(),
                            new AtomicReference<>()));
        }
    }

    /** A machine is told otherwise from its next reading on; it stays the same one. */
    void configure(ManagedMachine machine) {
        machines.computeIfPresent(
                machine.partId(),
                (_, before) -> new Managed(
                        machine.configuration(signaling), before.certificate(), before.reads(), before.readAt()));
    }

    /** How often the machine of that part has read its configuration. */
    long reads(String part) {
        Managed machine = machines.get(part);
        return machine == null ? 0 : machine.reads().get();
    }

    /** When the machine of that part last did; null if never. */
    @Nullable
    Instant readAt(String part) {
        Managed machine = machines.get(part);
        return machine == null ? null : machine.readAt().get();
    }

    @Override
    public void config(ConfigRequest request, StreamObserver<ConfigResponse> observer) {
        Managed machine = machines.get(request.getId());
        if (machine == null) {
            refuse(observer, request.getId());
            return;
        }
        machine.reads().incrementAndGet();
        machine.readAt().set(time.now());
        answer(observer, ConfigResponse.newBuilder().setConfig(machine.config()).build());
    }

    @Override
    public void certificate(CertificateRequest request, StreamObserver<CertificateResponse> observer) {
        Managed machine = machines.get(request.getId());
        if (machine == null) {
            refuse(observer, request.getId());
            return;
        }
        answer(
                observer,
                CertificateResponse.newBuilder()
                        .setId(request.getId())
                        .setTlsCertificate(machine.certificate().getCertificatePathPEM())
                        .setTlsPrivateKey(machine.certificate().getPrivateKeyPEM())
                        .build());
    }

    @Override
    public void log(LogRequest request, StreamObserver<LogResponse> observer) {
        answer(observer, LogResponse.getDefaultInstance());
    }

    @Override
    public void needsRestart(NeedsRestartRequest request, StreamObserver<NeedsRestartResponse> observer) {
        answer(
                observer,
                NeedsRestartResponse.newBuilder()
                        .setId(request.getId())
                        .setRestartCheckInterval(Durations.fromSeconds(RESTART_CHECK_SECONDS))
                        .build());
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static void refuse(StreamObserver<?> observer, String part) {
        observer.onError(
                Status.NOT_FOUND.withDescription("no machine part " + part).asRuntimeException());
    }
}
