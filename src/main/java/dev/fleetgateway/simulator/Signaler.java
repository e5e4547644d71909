package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallUpdateRequest;
import proto.rpc.webrtc.v1.CallUpdateResponse;
import proto.rpc.webrtc.v1.OptionalWebRTCConfigResponse;
import proto.rpc.webrtc.v1.WebRTCConfig;

/**
 * Brings the offers of callers to whoever answers for a host, and the answers back. A machine has a signaler of its own, for
 * itself alone; the cloud has one for all machines that wait there.
 *
 * <p>Safe for use by many threads. Nothing here blocks, and an observer is told one thing at a time.
 */
final class Signaler {

    /** The header that says which machine is meant. */
    static final Metadata.Key<String> HOST = Metadata.Key.of("rpc-host", Metadata.ASCII_STRING_MARSHALLER);

    /** How long a call, an update and an offer live. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /** How long the cloud lets a caller wait before it says that nobody is there. */
    static final Duration OFFLINE = Duration.ofSeconds(5);

    /** How many callers of one signaler a machine answers at once. */
    static final int PLACES = 2;

    private static final int MOST_HOSTS = 5;

    /** Offers that wait for one machine. Only the cloud is known to count them, but nothing here grows without end. */
    private static final int MOST_WAITING = 50;

    private static final Logger log = LoggerFactory.getLogger(Signaler.class);

    private final Time time;
    private final Set<String> own;
    private final SynchronizationContext turn =
            new SynchronizationContext((_, defect) -> log.error("Signaling failed", defect));

    // Both in the signaler's turn only. A line stays while somebody answers or asks there, an offer for its 10 s.
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<String, Offer> offers = new HashMap<>();

    private Signaler(Time time, Set<String> own) {
        this.time = time;
        this.own = own;
    }

    /** A machine's own: it knows these hosts alone, and never says that nobody is there. */
    static Signaler ofMachine(Time time, Set<String> hosts, Answerer answerer) {
        Signaler signaler = new Signaler(time, Set.copyOf(hosts));
        signaler.attend(hosts, answerer);
        return signaler;
    }

    /** The cloud's: it takes any host for one that may come. */
    static Signaler ofCloud(Time time) {
        return new Signaler(time, Set.of());
    }

    /** All hosts that a call names. */
    static List<String> hosts(Metadata headers) {
        List<String> hosts = new ArrayList<>();
        Iterable<String> values = headers.getAll(HOST);
        if (values != null) {
            values.forEach(hosts::add);
        }
        return List.copyOf(hosts);
    }

    /**
     * A machine waits for callers of these hosts, at its two places.
     *
     * @return ends that; its conversations go on
     */
    Runnable attend(Collection<String> hosts, Answerer answerer) {
        return attend(hosts, answerer, () -> true);
    }

    /**
     * A machine that is not always there waits for callers of these hosts, at its two places.
     *
     * @param there whether it is
     * @return ends that; its conversations go on
     */
    Runnable attend(Collection<String> hosts, Answerer answerer, BooleanSupplier there) {
        List<Runnable> places = Stream.generate(() -> place(hosts, new Line.Place(answerer, there)))
                .limit(PLACES)
                .toList();
        return () -> places.forEach(Runnable::run);
    }

    /**
     * One place more where callers of these hosts are answered, one at a time.
     *
     * @return ends it; its conversation goes on
     */
    Runnable place(Collection<String> hosts, Answerer answerer) {
        return place(hosts, new Line.Place(answerer, () -> true));
    }

    private Runnable place(Collection<String> hosts, Line.Place place) {
        List<String> names = List.copyOf(hosts);
        turn.execute(() -> place.open(line(names)));
        return () -> turn.execute(() -> {
            place.close();
            lines.values().removeIf(Line::idle);
        });
    }

    /**
     * Method {@code Call}: an offer goes out, its answer and the answerer's candidates come back.
     *
     * @param hosts all that its headers name
     * @return to be run when the caller has hung up
     */
    Runnable call(List<String> hosts, CallRequest request, StreamObserver<CallResponse> observer) {
        String host;
        try {
            host = only(hosts);
        } catch (Refusal refusal) {
            observer.onError(refusal.status().asRuntimeException());
            return () -> {};
        }
        Offer offer = new Offer(host, request, observer, time, turn);
        turn.execute(() -> begin(host, offer));
        return () -> turn.execute(() -> {
            offer.hungUp();
            leave(host, offer);
        });
    }

    /**
     * Method {@code CallUpdate}: the caller has more to say. A candidate after he said that he is done is answered by nobody, and
     * so only when its time is over.
     *
     * @param hosts all that its headers name
     */
    void update(List<String> hosts, CallUpdateRequest request, StreamObserver<CallUpdateResponse> observer) {
        String host;
        try {
            host = only(hosts);
        } catch (Refusal refusal) {
            observer.onError(refusal.status().asRuntimeException());
            return;
        }
        turn.execute(() -> {
            Status refused = change(host, request, observer);
            if (refused == null) {
                return;
            }
            if (refused.isOk()) {
                observer.onNext(CallUpdateResponse.getDefaultInstance());
                observer.onCompleted();
            } else {
                observer.onError(refused.asRuntimeException());
            }
        });
    }

    /**
     * Method {@code OptionalWebRTCConfig}: what a caller needs to know before. There is never a relay.
     *
     * @param hosts all that its headers name
     */
    void config(List<String> hosts, StreamObserver<OptionalWebRTCConfigResponse> observer) {
        try {
            admit(hosts);
        } catch (Refusal refusal) {
            observer.onError(refusal.status().asRuntimeException());
            return;
        }
        observer.onNext(OptionalWebRTCConfigResponse.newBuilder()
                .setConfig(WebRTCConfig.getDefaultInstance())
                .build());
        observer.onCompleted();
    }

    /** Refuses hosts that a call must not name. */
    void admit(List<String> hosts) {
        if (hosts.isEmpty()) {
            throw Refusal.of("expected rpc-host to be set in metadata");
        }
        if (hosts.size() > MOST_HOSTS) {
            throw Refusal.of("too many rpc-host");
        }
        if (hosts.contains("")) {
            throw Refusal.of("expected non-empty rpc-host");
        }
        if (!own.isEmpty() && !own.containsAll(hosts)) {
            throw new Refusal(Status.INVALID_ARGUMENT.withDescription("host not preconfigured"));
        }
    }

    private String only(List<String> hosts) {
        if (hosts.size() > 1 && hosts.size() <= MOST_HOSTS && !hosts.contains("")) {
            throw Refusal.of("expected 1 rpc-host");
        }
        admit(hosts);
        return hosts.getFirst();
    }

    private void begin(String host, Offer offer) {
        Line line = lines.get(host);
        if (line != null && line.waiting() >= MOST_WAITING) {
            offer.refuse(Status.UNAVAILABLE.withDescription(
                    "too many connection attempts; please wait a bit and try again"));
            return;
        }
        if (own.isEmpty() && (line == null || !line.attended())) {
            time.after(
                    OFFLINE,
                    () -> turn.execute(() -> offer.refuse(Status.NOT_FOUND.withDescription(
                            "host appears to be offline; ensure machine is online and try again"))));
            return;
        }
        offers.put(offer.uuid(), offer);
        time.after(
                DEADLINE,
                () -> turn.execute(() -> {
                    offers.remove(offer.uuid());
                    leave(host, offer);
                    offer.expire();
                }));
        line(List.of(host)).join(offer);
    }

    // What an update is answered with at once; nothing where nobody answers it.
    private @Nullable Status change(
            String host, CallUpdateRequest request, StreamObserver<CallUpdateResponse> observer) {
        if (request.getUpdateCase() == CallUpdateRequest.UpdateCase.UPDATE_NOT_SET) {
            return Status.UNKNOWN.withDescription("unknown update stage <nil>");
        }
        Offer offer = offers.get(request.getUuid());
        if (offer == null || !offer.activeFor(host)) {
            return Status.UNKNOWN.withDescription("no active offer for \"" + request.getUuid() + "\"");
        }
        if (request.hasDone()) {
            offer.done();
        } else if (request.hasCandidate() && offer.callerDone()) {
            time.after(
                    DEADLINE,
                    () -> observer.onError(Status.DEADLINE_EXCEEDED
                            .withDescription("context deadline exceeded")
                            .asRuntimeException()));
            return null;
        } else if (request.hasCandidate()) {
            offer.update(request.getCandidate());
        } else if (!offer.callerDone()) {
            leave(host, offer);
            offer.giveUp(StatusProto.toStatusException(request.getError()).getStatus());
        }
        return Status.OK;
    }

    private void leave(String host, Offer offer) {
        Line line = lines.get(host);
        if (line != null) {
            line.leave(offer);
            if (line.idle()) {
                lines.values().removeIf(Line::idle);
            }
        }
    }

    // Hosts of one machine stand in one line.
    private Line line(Collection<String> hosts) {
        Line line = hosts.stream()
                .map(lines::get)
                .filter(known -> known != null)
                .findFirst()
                .orElseGet(Line::new);
        hosts.forEach(host -> lines.putIfAbsent(host, line));
        return line;
    }
}
