package dev.fleetgateway.peer;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One end of a WebRTC connection. Both data channels are made before the first description, so that they open without a word on
 * the wire. Safe for use by many threads; nothing here blocks.
 */
public interface Peer extends AutoCloseable {

    /** The largest message a viam-server takes; one byte more closes its channel (seen live). */
    int MOST_FRAME = 65_535;

    /**
     * Offers: the description holds the first host candidate, or whatever there is after 2 s. For the calling side.
     *
     * @return the SDP
     */
    CompletableFuture<String> offer();

    /** Takes the other side's answer to {@link #offer}. */
    CompletableFuture<Void> accept(String answer);

    /**
     * Answers an offer. For the answering side.
     *
     * @return the SDP of the answer
     */
    CompletableFuture<String> answer(String offer);

    /** Takes one of the other side's candidates; a bad one is dropped. */
    void add(IceCandidate candidate);

    /**
     * Sends one message on the channel {@code data}.
     *
     * @param frame at most {@link #MOST_FRAME} bytes; not to be changed afterwards
     * @return false where it is not open, and then nothing was sent
     * @throws IllegalArgumentException where it is too long
     */
    boolean send(byte[] frame);

    /** Bytes given to {@link #send} that have not left yet; 0 where it is not open. The library does not tell when they have. */
    long buffered();

    /** The pair of addresses in use now; fails where there is none. */
    CompletableFuture<Pair> pair();

    /**
     * Whether the library has kept so much of what came in on this peer and its contemporaries that another should take its place:
     * what is kept is let go once all of them are closed.
     */
    default boolean worn() {
        return false;
    }

    /**
     * Ends it. What the listener is being told at this moment may still end, and it hears no more after that; no native object is
     * touched by any other method once this returns.
     */
    @Override
    void close();

    /**
     * A candidate as it is signaled.
     *
     * @param candidate begins with {@code candidate:}
     * @param mid null where it is not said
     * @param line the media line; 0 where it is not said
     */
    record IceCandidate(String candidate, @Nullable String mid, int line) {}

    /**
     * The selected pair.
     *
     * @param localType {@code host}, {@code srflx}, {@code prflx} or {@code relay}; remote alike
     */
    record Pair(
            String localAddress,
            int localPort,
            String localType,
            String remoteAddress,
            int remotePort,
            String remoteType) {

        /** Whether packets go through a relay. */
        public boolean relayed() {
            return localType.equals("relay") || remoteType.equals("relay");
        }
    }

    /** Hears what happens to a peer, on the library's one thread: copy, hand off, return. */
    interface Listener {

        /** A local candidate, to be signaled. */
        void candidate(IceCandidate candidate);

        /** There are no more local candidates. */
        void gathered();

        /** The channel {@code data} is open. Once. */
        void opened();

        /** A message came on it. The array is the listener's. */
        void frame(byte[] frame);

        /** It is over, and does not come back: disconnected, failed, or closed by the other side. Once, and nothing after it. */
        void closed(String reason);
    }
}
