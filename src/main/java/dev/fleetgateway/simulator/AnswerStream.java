package dev.fleetgateway.simulator;

import dev.fleetgateway.time.Time;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import proto.rpc.webrtc.v1.AnswerRequest;
import proto.rpc.webrtc.v1.AnswerRequestDoneStage;
import proto.rpc.webrtc.v1.AnswerRequestHeartbeatStage;
import proto.rpc.webrtc.v1.AnswerRequestInitStage;
import proto.rpc.webrtc.v1.AnswerRequestUpdateStage;
import proto.rpc.webrtc.v1.AnswerResponse;
import proto.rpc.webrtc.v1.ICECandidate;
import proto.rpc.webrtc.v1.WebRTCConfig;

/**
 * A machine elsewhere that waits at the cloud for one caller: one call of its method {@code Answer}. It holds a place from its
 * first moment to its last, and the machine opens the next one when it can.
 */
final class AnswerStream implements Answerer, Answerer.Conversation, StreamObserver<AnswerResponse> {

    /** How often a machine that asks for it is told that its stream is alive. */
    static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private static final Logger log = LoggerFactory.getLogger(AnswerStream.class);

    private final List<String> hosts;
    private final StreamObserver<AnswerRequest> machine;
    private final Time time;
    private final SynchronizationContext turn =
            new SynchronizationContext((_, defect) -> log.error("An answering machine's stream failed", defect));

    // All in the stream's turn only.
    private Runnable leave = () -> {};
    private @Nullable Caller caller;
    private String uuid = "";
    private boolean answered;
    private boolean answererDone;
    private boolean callerDone;
    private boolean closed;

    private volatile boolean waiting;

    /**
     * @param hosts whom it answers for
     * @param machine told one thing at a time
     */
    AnswerStream(List<String> hosts, StreamObserver<AnswerRequest> machine, Time time) {
        this.hosts = hosts;
        this.machine = machine;
        this.time = time;
    }

    /**
     * Begins to wait.
     *
     * @param ended run when it is over
     */
    void begin(Signaler signaler, boolean heartbeats, Runnable ended) {
        turn.execute(() -> {
            waiting = true;
            Runnable place = signaler.place(hosts, this);
            leave = () -> {
                place.run();
                ended.run();
            };
            if (heartbeats) {
                beatLater();
            }
        });
    }

    /** Whether it waits for a caller of that host. */
    boolean waitsFor(String host) {
        return waiting && hosts.contains(host);
    }

    /** Ends it from the cloud's side. */
    void breakOff(Status why) {
        turn.execute(() -> close(why));
    }

    @Override
    public Conversation answer(String sdp, boolean trickle, Caller from) {
        waiting = false;
        turn.execute(() -> {
            caller = from;
            uuid = Uuids.random();
            tell(AnswerRequest.newBuilder()
                    .setInit(AnswerRequestInitStage.newBuilder()
                            .setSdp(Sdp.pack("offer", sdp))
                            .setOptionalConfig(WebRTCConfig.newBuilder().setDisableTrickle(!trickle))
                            .setDeadline(RobotApi.stamp(time.now().plus(Signaler.DEADLINE)))));
            if (closed) {
                from.ended(Status.OK);
            }
        });
        return this;
    }

    @Override
    public void candidate(ICECandidate candidate) {
        turn.execute(() -> {
            if (!callerDone) {
                tell(AnswerRequest.newBuilder()
                        .setUpdate(AnswerRequestUpdateStage.newBuilder().setCandidate(candidate)));
            }
        });
    }

    @Override
    public void done() {
        turn.execute(this::callerDone);
    }

    @Override
    public void end(Status why) {
        turn.execute(() -> {
            callerDone();
            close(why);
        });
    }

    @Override
    public void onNext(AnswerResponse response) {
        turn.execute(() -> {
            Caller to = caller;
            if (closed || to == null) {
                return;
            }
            if (!response.getUuid().equals(uuid)) {
                close(unknown("uuid mismatch; have=\"" + response.getUuid() + "\" want=\"" + uuid + "\""));
                return;
            }
            try {
                pass(response, to);
            } catch (Refusal refusal) {
                close(refusal.status());
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        turn.execute(() -> close(Status.CANCELLED));
    }

    @Override
    public void onCompleted() {
        turn.execute(() -> close(Status.OK));
    }

    private void pass(AnswerResponse response, Caller to) {
        switch (response.getStageCase()) {
            case INIT -> {
                if (answered) {
                    throw Refusal.of("got init stage more than once");
                }
                answered = true;
                to.answered(Sdp.unpack("answer", response.getInit().getSdp()));
            }
            case UPDATE -> {
                if (!answered) {
                    throw Refusal.of("got update stage before init stage");
                }
                to.candidate(response.getUpdate().getCandidate());
            }
            case DONE -> {
                answererDone = true;
                to.ended(Status.OK);
                closeWhenBothAreDone();
            }
            case ERROR -> {
                to.ended(StatusProto.toStatusException(response.getError().getStatus())
                        .getStatus());
                close(Status.OK);
            }
            case STAGE_NOT_SET -> throw Refusal.of("unexpected stage <nil>");
        }
    }

    private void callerDone() {
        if (!callerDone) {
            callerDone = true;
            tell(AnswerRequest.newBuilder().setDone(AnswerRequestDoneStage.getDefaultInstance()));
            closeWhenBothAreDone();
        }
    }

    private void closeWhenBothAreDone() {
        if (answererDone && callerDone) {
            close(Status.OK);
        }
    }

    private void beatLater() {
        time.after(
                HEARTBEAT,
                () -> turn.execute(() -> {
                    if (!closed) {
                        tell(AnswerRequest.newBuilder().setHeartbeat(AnswerRequestHeartbeatStage.getDefaultInstance()));
                        beatLater();
                    }
                }));
    }

    private void tell(AnswerRequest.Builder request) {
        if (!closed) {
            machine.onNext(request.setUuid(uuid).build());
        }
    }

    private void close(Status why) {
        if (closed) {
            return;
        }
        closed = true;
        waiting = false;
        leave.run();
        if (why.isOk()) {
            machine.onCompleted();
        } else {
            machine.onError(why.asRuntimeException());
        }
        if (caller != null && !answererDone) {
            // What became of the machine is not told to a real caller either.
            caller.ended(Status.OK);
        }
    }

    private static Status unknown(String text) {
        return Status.UNKNOWN.withDescription(text);
    }
}
