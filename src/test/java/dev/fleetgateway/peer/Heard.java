package dev.fleetgateway.peer;

import dev.fleetgateway.peer.Peer.IceCandidate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listener that keeps what it heard. */
class Heard implements Peer.Listener {

    final List<IceCandidate> candidates = new CopyOnWriteArrayList<>();
    final List<byte[]> frames = new CopyOnWriteArrayList<>();
    final List<String> news = new CopyOnWriteArrayList<>();
    volatile @Nullable Consumer<IceCandidate> to;

    @Override
    public void candidate(IceCandidate candidate) {
        candidates.add(candidate);
        Consumer<IceCandidate> other = to;
        if (other != null) {
            other.accept(candidate);
        }
    }

    @Override
    public void gathered() {
        news.add("gathered");
    }

    @Override
    public void opened() {
        news.add("opened");
    }

    @Override
    public void frame(byte[] frame) {
        frames.add(frame);
    }

    @Override
    public void closed(String reason) {
        news.add("closed: " + reason);
    }
}
