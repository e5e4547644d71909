package dev.fleetgateway.peer;

import dev.fleetgateway.time.Time;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer by webrtc-java. Whoever touches a native object holds it meanwhile, callbacks included, and the last one to let go after
 * {@link #close} releases it: touching a released one ends the process.
 */
final class NativePeer implements Peer {

    private static final Logger log = LoggerFactory.getLogger(NativePeer.class);

    private final Generation generation;
    private final RTCPeerConnection connection;
    private final RTCDataChannel data;
    private final RTCDataChannel negotiation;
    private final Listener listener;
    private final Executor closing;
    private final boolean freeing;
    private final Trickle trickle;
    private final DataEars ears = new DataEars(this);
    private final Promises promises = new Promises();
    private final AtomicInteger holds = new AtomicInteger(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean open;

    NativePeer(
            Generation generation,
            RTCConfiguration configuration,
            Listener listener,
            Time time,
            Executor closing,
            boolean freeing) {
        this.generation = generation;
        this.listener = listener;
        this.closing = closing;
        this.freeing = freeing;
        this.trickle = new Trickle(time, candidate -> tell(() -> listener.candidate(candidate)), this::addNow);
        this.connection = generation.factory().createPeerConnection(configuration, new ConnectionEars());
        // Both before the first description, so that it has room for them.
        this.data = connection.createDataChannel("data", negotiated(0));
        this.negotiation = connection.createDataChannel("negotiation", negotiated(1));
        data.registerObserver(ears);
    }

    private static RTCDataChannelInit negotiated(int id) {
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.negotiated = true;
        init.id = id;
        return init;
    }

    @Override
    public CompletableFuture<String> offer() {
        CompletableFuture<String> sdp = promises.make();
        attempt(
                sdp,
                () -> connection.createOffer(
                        new RTCOfferOptions(),
                        described(sdp, offer -> setLocal(offer, sdp, () -> trickle.awaitFirst(() -> giveLocal(sdp))))));
        return sdp;
    }

    @Override
    public CompletableFuture<Void> accept(String answer) {
        CompletableFuture<Void> done = promises.make();
        setRemote(new RTCSessionDescription(RTCSdpType.ANSWER, answer), done, () -> done.complete(null));
        return done;
    }

    @Override
    public CompletableFuture<String> answer(String offer) {
        CompletableFuture<String> sdp = promises.make();
        setRemote(
                new RTCSessionDescription(RTCSdpType.OFFER, offer),
                sdp,
                () -> attempt(
                        sdp,
                        () -> connection.createAnswer(
                                new RTCAnswerOptions(),
                                described(sdp, answer -> setLocal(answer, sdp, () -> giveLocal(sdp))))));
        return sdp;
    }

    private void setLocal(RTCSessionDescription description, CompletableFuture<?> failing, Runnable then) {
        attempt(failing, () -> connection.setLocalDescription(description, taken(failing, then)));
    }

    private void setRemote(RTCSessionDescription description, CompletableFuture<?> failing, Runnable then) {
        attempt(
                failing,
                () -> connection.setRemoteDescription(description, taken(failing, () -> {
                    trickle.remoteTaken();
                    then.run();
                })));
    }

    private void giveLocal(CompletableFuture<String> sdp) {
        attempt(sdp, () -> {
            String local = connection.getLocalDescription().sdp;
            sdp.complete(local);
            trickle.localGiven(local);
        });
    }

    @Override
    public void add(IceCandidate candidate) {
        trickle.add(candidate);
    }

    private void addNow(IceCandidate candidate) {
        touch(() -> {
            try {
                connection.addIceCandidate(new RTCIceCandidate(
                        candidate.mid() == null ? "" : candidate.mid(), candidate.line(), candidate.candidate()));
            } catch (RuntimeException | Error e) {
                log.debug("A candidate of the other side was dropped: {}", candidate, e);
            }
        });
    }

    @Override
    public boolean send(byte[] frame) {
        if (frame.length > MOST_FRAME) {
            throw new IllegalArgumentException(
                    "A frame of %d bytes, and %d is the most".formatted(frame.length, MOST_FRAME));
        }
        if (!open || !hold()) {
            return false;
        }
        try {
            // The library sends the whole array, whatever the buffer's limit.
            data.send(new RTCDataChannelBuffer(ByteBuffer.wrap(frame), true));
            return true;
        } catch (Exception | Error e) {
            log.debug("A frame was not taken", e);
            return false;
        } finally {
            letGo();
        }
    }

    @Override
    public long buffered() {
        if (!open || !hold()) {
            return 0;
        }
        try {
            return data.getBufferedAmount();
        } finally {
            letGo();
        }
    }

    @Override
    public CompletableFuture<Pair> pair() {
        CompletableFuture<Pair> pair = promises.make();
        attempt(pair, () -> connection.getStats(report -> attempt(pair, () -> pair.complete(SelectedPair.of(report)))));
        return pair;
    }

    @Override
    public boolean worn() {
        return generation.worn();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open = false;
            trickle.close();
            letGo();
            promises.close();
        }
    }

    private boolean hold() {
        while (true) {
            int now = holds.get();
            if (closed.get() || now == 0) {
                return false;
            }
            if (holds.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    private void letGo() {
        if (holds.decrementAndGet() == 0) {
            // Not on the library's own thread, where closing would wait for itself.
            closing.execute(this::release);
        }
    }

    private void release() {
        data.unregisterObserver();
        ears.forget();
        data.close();
        negotiation.close();
        data.dispose();
        negotiation.dispose();
        if (freeing) {
            ForgottenReference.closeAndFree(connection);
        } else {
            connection.close();
        }
    }

    /** Does nothing once it is closed. */
    private void touch(Runnable task) {
        if (hold()) {
            try {
                task.run();
            } finally {
                letGo();
            }
        }
    }

    /** The library says with a bare {@link Error} what it cannot do. */
    private void attempt(CompletableFuture<?> failing, Runnable task) {
        touch(() -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failing.completeExceptionally(new IllegalStateException(e.getMessage(), e));
            }
        });
    }

    /** For callbacks: no exception may reach the native code, and none of the listener's is its business. */
    private void tell(Runnable news) {
        if (over.get()) {
            return;
        }
        touch(() -> {
            try {
                news.run();
            } catch (RuntimeException e) {
                log.error("A listener of a WebRTC connection failed", e);
            }
        });
    }

    private void end(String reason) {
        touch(() -> {
            open = false;
            if (over.compareAndSet(false, true)) {
                try {
                    listener.closed(reason);
                } catch (RuntimeException e) {
                    log.error("A listener of a WebRTC connection failed", e);
                }
            }
        });
    }

    private interface Described {
        void as(RTCSessionDescription description);
    }

    private static CreateSessionDescriptionObserver described(CompletableFuture<?> failing, Described then) {
        return new CreateSessionDescriptionObserver() {
            @Override
            public void onSuccess(RTCSessionDescription description) {
                then.as(description);
            }

            @Override
            public void onFailure(String error) {
                failing.completeExceptionally(new IllegalStateException(error));
            }
        };
    }

    private static SetSessionDescriptionObserver taken(CompletableFuture<?> failing, Runnable then) {
        return new SetSessionDescriptionObserver() {
            @Override
            public void onSuccess() {
                then.run();
            }

            @Override
            public void onFailure(String error) {
                failing.completeExceptionally(new IllegalStateException(error));
            }
        };
    }

    private final class ConnectionEars implements PeerConnectionObserver {

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {
            trickle.gathered(new IceCandidate(candidate.sdp, candidate.sdpMid, candidate.sdpMLineIndex));
        }

        @Override
        public void onIceGatheringChange(RTCIceGatheringState state) {
            if (state == RTCIceGatheringState.COMPLETE) {
                trickle.gatheredAll(() -> tell(listener::gathered));
            }
        }

        @Override
        public void onConnectionChange(RTCPeerConnectionState state) {
            switch (state) {
                // A viam-server closes at this point, and neither side restarts: it does not come back.
                case DISCONNECTED -> end("disconnected: the other side was not heard for some seconds");
                case FAILED -> end("failed: no pair of addresses works");
                case CLOSED -> end("closed");
                case NEW, CONNECTING, CONNECTED -> {}
            }
        }
    }

    private void stateChanged() {
        touch(() -> {
            RTCDataChannelState state = data.getState();
            if (state == RTCDataChannelState.OPEN && !over.get()) {
                open = true;
                tell(listener::opened);
            } else if (state == RTCDataChannelState.CLOSING || state == RTCDataChannelState.CLOSED) {
                end("closed by the other side");
            }
        });
    }

    /** The library never lets go of it, so it lets go of its peer. */
    private static final class DataEars implements RTCDataChannelObserver {

        private volatile @Nullable NativePeer peer;

        DataEars(NativePeer peer) {
            this.peer = peer;
        }

        void forget() {
            peer = null;
        }

        @Override
        public void onBufferedAmountChange(long previous) {
            // Never called by this version, so buffered() has to be asked.
        }

        @Override
        public void onStateChange() {
            NativePeer mine = peer;
            if (mine != null) {
                mine.stateChanged();
            }
        }

        @Override
        public void onMessage(RTCDataChannelBuffer message) {
            NativePeer mine = peer;
            if (mine != null) {
                mine.generation.count();
                // The buffer is native memory, and gone after this call.
                byte[] frame = new byte[message.data.remaining()];
                message.data.get(frame);
                mine.tell(() -> mine.listener.frame(frame));
            }
        }
    }
}
