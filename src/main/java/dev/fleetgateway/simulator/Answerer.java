package dev.fleetgateway.simulator;

import io.grpc.Status;
import proto.rpc.webrtc.v1.ICECandidate;

/** Answers the offers that a signaling server has for one machine. */
interface Answerer {

    /**
     * Begins to answer an offer.
     *
     * @param sdp the offer, unpacked
     * @param trickle whether candidates may follow the descriptions, both ways
     * @param caller told on any thread
     * @return where to tell what the caller says next
     */
    Conversation answer(String sdp, boolean trickle, Caller caller);

    /** What the caller says after his offer. Told one at a time. */
    interface Conversation {

        /** One more of his candidates. They may come after the answerer itself has ended. */
        void candidate(ICECandidate candidate);

        /** He has no more to say: he is connected, or he has given up. What can connect all the same does. Once. */
        void done();

        /** The time of the signaling server is over, and nobody was told that it is connected: there is no use in going on. */
        void end(Status why);
    }

    /** Where the answerer tells what it has. */
    interface Caller {

        /** The answer, unpacked; once, before any candidate. */
        void answered(String sdp);

        /** One more candidate; only where trickling is wanted. */
        void candidate(ICECandidate candidate);

        /** It has nothing more to say, though it may not be connected yet: the caller's call ends. Once. */
        void ended(Status status);

        /** The channel is open, so that the next offer can come. Without it a conversation holds its place to the end of its time. */
        void connected();
    }
}
