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

    /** What the caller says after his offer. */
    interface Conversation {

        /** One more of his candidates. */
        void candidate(ICECandidate candidate);

        /** He has no more to say. */
        void done();

        /** He gave up, or the time of the signaling server is over. */
        void end(Status why);
    }

    /** Where the answerer tells what it has. */
    interface Caller {

        /** The answer, unpacked; once. */
        void answered(String sdp);

        /** One more candidate; only where trickling is wanted. */
        void candidate(ICECandidate candidate);

        /** It has nothing more to say: connected, or not. Once. */
        void ended(Status status);
    }
}
