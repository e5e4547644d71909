package dev.fleetgateway.connection;

import dev.fleetgateway.time.Time;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import viam.robot.v1.GetMachineStatusRequest;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.RobotServiceGrpc;

/**
 * Asks a machine again and again how it is. The asking is unmonitored and moves nothing, so it keeps nothing alive but the
 * gateway's knowledge. One question at a time, each with a deadline.
 */
final class Watch {

    /** A machine that is still starting can take longer than this to answer (seen live), so one miss is no absence. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofSeconds(1);

    /** What it tells, in its context. */
    interface Listener {

        /** The machine answered; {@code status} is null where it cannot say how it is. */
        void answered(@Nullable GetMachineStatusResponse status, Duration rtt, String note);

        /** It did not answer in time, or could not be asked. */
        void missed(String reason);

        /** It no longer takes the token. */
        void tokenRefused(String reason);
    }

    private final Link link;
    private final Time time;
    private final Pace pace;
    private final Executor context;
    private final Listener listener;
    private Time.@Nullable Timer timer;
    private boolean over;
    private long asked;

    /** How long to wait from an answer to the next question. */
    @FunctionalInterface
    interface Pace {
        Duration next();
    }

    Watch(Link link, Time time, Pace pace, Executor context, Listener listener) {
        this.link = link;
        this.time = time;
        this.pace = pace;
        this.context = context;
        this.listener = listener;
    }

    void start() {
        ask();
    }

    void close() {
        over = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Asks now, unless a question is on its way already. */
    void askNow() {
        if (timer != null) {
            timer.cancel();
            asked++;
            ask();
        }
    }

    private void ask() {
        timer = null;
        if (over) {
            return;
        }
        long since = time.nanos();
        CallTracer tracer = new CallTracer();
        ClientCalls.asyncUnaryCall(
                link.channel()
                        .newCall(
                                RobotServiceGrpc.getGetMachineStatusMethod(),
                                CallOptions.DEFAULT
                                        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                                        .withStreamTracerFactory(tracer)),
                GetMachineStatusRequest.getDefaultInstance(),
                new StreamObserver<>() {
                    private @Nullable GetMachineStatusResponse answer;

                    @Override
                    public void onNext(GetMachineStatusResponse value) {
                        answer = value;
                    }

                    @Override
                    public void onError(Throwable t) {
                        Status status = Status.fromThrowable(t);
                        Duration took = time.since(since);
                        context.execute(() -> judge(status, took, tracer.answered()));
                    }

                    @Override
                    public void onCompleted() {
                        GetMachineStatusResponse got = answer;
                        Duration took = time.since(since);
                        context.execute(() -> {
                            if (!over) {
                                listener.answered(got, took, "");
                                later(pace.next());
                            }
                        });
                    }
                });
    }

    private void judge(Status status, Duration took, boolean answered) {
        if (over) {
            return;
        }
        String said = status.getDescription() == null ? "" : status.getDescription();
        // What our own side made up says nothing of the machine but that it did not answer.
        Status.Code code = answered || status.getCode() == Status.Code.DEADLINE_EXCEEDED
                ? status.getCode()
                : Status.Code.UNAVAILABLE;
        switch (code) {
            case UNIMPLEMENTED -> listener.answered(null, took, "the machine has no GetMachineStatus");
            case RESOURCE_EXHAUSTED -> listener.answered(null, took, "the machine is busy: " + said);
            case UNAUTHENTICATED -> listener.tokenRefused(said);
            case DEADLINE_EXCEEDED -> listener.missed("no answer to a status poll within 5 s");
            default -> listener.missed("a status poll failed: " + status.getCode() + " " + said);
        }
        later(status.getCode() == Status.Code.DEADLINE_EXCEEDED ? Duration.ZERO : SOON);
    }

    private void later(Duration wait) {
        if (!over) {
            long mine = ++asked;
            timer = time.after(
                    wait,
                    () -> context.execute(() -> {
                        // One that was cancelled may have been on its way already.
                        if (mine == asked) {
                            ask();
                        }
                    }));
        }
    }
}
