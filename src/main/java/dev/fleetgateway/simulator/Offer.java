package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import proto.rpc.webrtc.v1.CallRequest;
import proto.rpc.webrtc.v1.CallResponse;
import proto.rpc.webrtc.v1.CallResponseInitStage;
import proto.rpc.webrtc.v1.CallResponseUpdateStage;
import proto.rpc.webrtc.v1.ICECandidate;

/** One caller's offer on its way to a machine, and what comes back. All but the answerer's words is used in the signaler's turn only. */
final class Offer implements Answerer.Caller {

    /** How long an answerer tries, however late the offer has reached it. */
    private static final Duration LEAST_TRY = Duration.ofSeconds(5);

    /** How long an answerer rests after it has tried in vain. */
    private static final Duration REST = Duration.ofSeconds(1);

    private final String uuid = Uuids.random();
    private final String host;
    private final CallRequest request;
    private final StreamObserver<CallResponse> observer;
    private final Time time;
    private final SynchronizationContext turn;
    private final long begun;

    private Line.@Nullable Place place;
    private Answerer.@Nullable Conversation conversation;
    private boolean answered;
    private boolean callEnded;
    private boolean callerDone;
    private boolean failed;

    Offer(
            String host,
            CallRequest request,
            StreamObserver<CallResponse> observer,
            Time time,
            SynchronizationContext turn) {
        this.host = host;
        this.request = request;
        this.observer = observer;
        this.time = time;
        this.turn = turn;
        this.begun = time.nanos();
    }

    String uuid() {
        return uuid;
    }

    /** Whether callers of that host may add to it. */
    boolean activeFor(String other) {
        return !failed && host.equals(other);
    }

    /** Whether its caller has said that he has no more to say. */
    boolean callerDone() {
        return callerDone;
    }

    /** Gets a place. */
    void take(Line.Place taken) {
        place = taken;
        String sdp;
        try {
            sdp = Sdp.unpack("offer", request.getSdp());
        } catch (Refusal refusal) {
            fail(refusal.status());
            time.after(REST, () -> turn.execute(this::giveBack));
            return;
        }
        Duration left = Signaler.DEADLINE.minus(time.since(begun));
        Duration trying = left.compareTo(LEAST_TRY) < 0 ? LEAST_TRY : left;
        time.after(trying.plus(REST), () -> turn.execute(this::giveBack));
        conversation = taken.answerer().answer(sdp, !request.getDisableTrickle(), this);
    }

    @Override
    public void answered(String sdp) {
        turn.execute(() -> {
            if (!answered) {
                answered = true;
                tell(CallResponse.newBuilder()
                        .setInit(CallResponseInitStage.newBuilder().setSdp(Sdp.pack("answer", sdp))));
            }
        });
    }

    @Override
    public void candidate(ICECandidate candidate) {
        turn.execute(() -> {
            if (answered) {
                tell(CallResponse.newBuilder()
                        .setUpdate(CallResponseUpdateStage.newBuilder().setCandidate(candidate)));
            } else {
                fail(Status.UNKNOWN.withDescription("expected to have initial SDP if no error"));
            }
        });
    }

    @Override
    public void ended(Status status) {
        turn.execute(() -> {
            if (status.isOk()) {
                endCall(Status.OK);
            } else {
                fail(status);
            }
        });
    }

    @Override
    public void connected() {
        turn.execute(() -> {
            conversation = null;
            giveBack();
        });
    }

    /** One more of the caller's candidates. */
    void update(ICECandidate candidate) {
        if (conversation != null) {
            conversation.candidate(candidate);
        }
    }

    /** The caller has no more to say. */
    void done() {
        if (!callerDone) {
            callerDone = true;
            if (conversation != null) {
                conversation.done();
            }
        }
    }

    /** The caller gives up. Whoever answers him goes on to the end of its time all the same, as a machine does. */
    void giveUp(Status why) {
        done();
        fail(Status.UNKNOWN.withDescription("error from requester: " + words(why)));
    }

    /** The caller's call is gone, and with it whoever could be told. */
    void hungUp() {
        boolean early = !callEnded;
        callEnded = true;
        if (early) {
            failed = true;
            done();
        }
    }

    /** It was never let in. */
    void refuse(Status why) {
        endCall(why);
    }

    /** Its time is over. */
    void expire() {
        Status late = Status.DEADLINE_EXCEEDED.withDescription("context deadline exceeded");
        endCall(late);
        Answerer.Conversation vain = conversation;
        conversation = null;
        if (vain != null) {
            vain.end(late);
        }
    }

    private void giveBack() {
        Line.Place given = place;
        place = null;
        if (given != null) {
            given.release();
        }
    }

    private void tell(CallResponse.Builder response) {
        if (!callEnded) {
            observer.onNext(response.setUuid(uuid).build());
        }
    }

    private void fail(Status why) {
        failed = true;
        endCall(why.withDescription("error from answerer: " + words(why)));
    }

    private void endCall(Status status) {
        if (callEnded) {
            return;
        }
        callEnded = true;
        if (status.isOk()) {
            observer.onCompleted();
        } else {
            observer.onError(status.asRuntimeException());
        }
    }

    // As a machine writes errors of others into its own.
    private static String words(Status status) {
        StringBuilder code = new StringBuilder();
        for (String word : status.getCode().name().split("_", -1)) {
            code.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return "rpc error: code = " + code + " desc = " + status.getDescription();
    }
}
