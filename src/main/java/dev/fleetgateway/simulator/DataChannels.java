package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.time.Time;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.ICECandidate;

/** The data channels of one machine and those being agreed on, which can be ended in a good way and in a bad one. */
final class DataChannels {

    private static final int MOST = 1_024;

    private final Peers peers;
    private final EventLoopGroup workers;
    private final Time time;
    private final Faults faults;
    private final Function<Passage.Network, String> owner;
    private final Set<Negotiation> all = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Intake intake;

    /**
     * Uses the event loops of the whole fleet.
     *
     * @param owner whose the sessions are of all who came by that network
     */
    DataChannels(
            Peers peers, EventLoopGroup workers, Time time, Faults faults, Function<Passage.Network, String> owner) {
        this.peers = peers;
        this.workers = workers;
        this.time = time;
        this.faults = faults;
        this.owner = owner;
    }

    /** Begins to answer. */
    void open(Intake intake) {
        this.intake = intake;
    }

    /** Ends all that have not been ended otherwise: they are closed, as by a process that stops. Does not wait. */
    void stop() {
        intake = null;
        all.forEach(Negotiation::stop);
    }

    /** Ends all: nothing more comes, as from a process that is killed, and nobody is told. */
    void kill() {
        intake = null;
        all.forEach(Negotiation::die);
    }

    /** Lets all fare as the faults in force say. */
    void refresh() {
        all.forEach(Negotiation::refresh);
    }

    /** Waits until those closed have given everything back. Not for event loops. */
    void awaitClosed() {
        List.copyOf(all).forEach(Negotiation::awaitClosed);
    }

    /** How many are open. */
    int connections() {
        return (int) all.stream().filter(Negotiation::open).count();
    }

    /** Answers offers that come by that network. */
    Answerer answerer(Passage.Network network) {
        return (sdp, trickle, caller) -> {
            Intake now = intake;
            boolean heard = faults.passage(network).inwards() && !faults.has(Fault.SIGNALING_DOWN);
            if (now == null || !heard) {
                return SILENT;
            }
            if (all.size() >= MOST) {
                caller.ended(Status.RESOURCE_EXHAUSTED.withDescription("too many data channels"));
                return SILENT;
            }
            Negotiation begun = new Negotiation(
                    time, workers.next(), now, owner.apply(network), faults, network, trickle, caller, all::remove);
            all.add(begun);
            begun.begin(peers, sdp);
            return begun;
        };
    }

    private static final Answerer.Conversation SILENT = new Answerer.Conversation() {
        @Override
        public void candidate(ICECandidate candidate) {}

        @Override
        public void done() {}

        @Override
        public void end(Status why) {}
    };
}
