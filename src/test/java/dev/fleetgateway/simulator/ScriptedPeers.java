package dev.fleetgateway.simulator;

import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.Peers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Peers without a library: each is the machine's end of a data channel whose other end is in the hands of a test. */
final class ScriptedPeers implements Peers {

    /** An offer that no peer can read. */
    static final String BAD = "bad";

    private final BlockingQueue<Scripted> made = new LinkedBlockingQueue<>(64);

    /** The machine's next peer, as soon as it has made it. */
    Scripted next() {
        try {
            return made.take();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether the machine has made no peer that the test has not seen. */
    boolean none() {
        return made.isEmpty();
    }

    @Override
    public Peer open(List<IceServer> iceServers, Peer.Listener listener) {
        Scripted peer = new Scripted(listener);
        made.add(peer);
        return peer;
    }

    /** One of them. */
    static final class Scripted implements Peer {

        final Listener listener;
        final List<IceCandidate> remote = new CopyOnWriteArrayList<>();
        final List<byte[]> sent = new CopyOnWriteArrayList<>();
        final AtomicBoolean closed = new AtomicBoolean();
        volatile long buffered;

        Scripted(Listener listener) {
            this.listener = listener;
        }

        @Override
        public CompletableFuture<String> offer() {
            throw new AssertionError("a machine offers nothing");
        }

        @Override
        public CompletableFuture<Void> accept(String answer) {
            throw new AssertionError("a machine offers nothing");
        }

        @Override
        public CompletableFuture<String> answer(String offer) {
            return offer.equals(BAD)
                    ? CompletableFuture.failedFuture(new IllegalArgumentException("no description"))
                    : CompletableFuture.completedFuture("answer to " + offer + "\r\n");
        }

        @Override
        public void add(IceCandidate candidate) {
            remote.add(candidate);
        }

        @Override
        public boolean send(byte[] frame) {
            if (frame.length > MOST_FRAME) {
                throw new IllegalArgumentException("too long");
            }
            return !closed.get() && sent.add(frame);
        }

        @Override
        public long buffered() {
            return buffered;
        }

        @Override
        public CompletableFuture<Pair> pair() {
            return CompletableFuture.completedFuture(new Pair("10.0.0.2", 40_000, "host", "10.0.0.1", 59_550, "host"));
        }

        @Override
        public void close() {
            closed.set(true);
        }
    }
}
