package dev.fleetgateway.connection.webrtc;

import dev.fleetgateway.peer.Peer;
import dev.fleetgateway.peer.Peers;
import dev.fleetgateway.peer.PeersUnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Peers that do nothing but what the test says. */
final class FakePeers implements Peers {

    final List<FakePeer> made = new CopyOnWriteArrayList<>();
    final List<List<IceServer>> servers = new CopyOnWriteArrayList<>();
    volatile @Nullable String missing;
    volatile Peer.Pair pair = new Peer.Pair("127.0.0.1", 40_000, "host", "127.0.0.1", 50_000, "host");

    @Override
    public Peer open(List<IceServer> iceServers, Peer.Listener listener) {
        if (missing != null) {
            throw new PeersUnavailableException(missing, new UnsatisfiedLinkError("libpulse.so.0"));
        }
        servers.add(iceServers);
        FakePeer peer = new FakePeer(listener);
        made.add(peer);
        return peer;
    }

    FakePeer last() {
        return made.getLast();
    }

    final class FakePeer implements Peer {

        final Listener listener;
        final List<String> heard = new CopyOnWriteArrayList<>();
        final CompletableFuture<String> offer = CompletableFuture.completedFuture("v=0 offer\r\n");
        final AtomicInteger pairsMissing = new AtomicInteger();
        volatile boolean closed;
        volatile boolean worn;

        FakePeer(Listener listener) {
            this.listener = listener;
        }

        /** It finds a candidate of its own. */
        void finds(String candidate) {
            listener.candidate(new IceCandidate(candidate, "0", 0));
        }

        @Override
        public CompletableFuture<String> offer() {
            return offer;
        }

        @Override
        public CompletableFuture<Void> accept(String answer) {
            heard.add(answer);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<String> answer(String theirs) {
            throw new UnsupportedOperationException("a dial calls");
        }

        @Override
        public void add(IceCandidate candidate) {
            heard.add(candidate.candidate());
        }

        @Override
        public boolean send(byte[] frame) {
            return true;
        }

        @Override
        public long buffered() {
            return 0;
        }

        @Override
        public CompletableFuture<Pair> pair() {
            return pairsMissing.getAndDecrement() > 0
                    ? CompletableFuture.failedFuture(new IllegalStateException("there is no selected pair"))
                    : CompletableFuture.completedFuture(pair);
        }

        @Override
        public boolean worn() {
            return worn;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
