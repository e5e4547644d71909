package dev.fleetgateway.uplink;

import java.time.Instant;
import java.util.List;

/**
 * The gateway's own way to the internet at one moment. Immutable.
 *
 * @param since when it became so, as far as it was seen
 * @param reason in words for an operator
 * @param signals all that it was judged from
 */
public record Uplink(State state, Instant since, String reason, List<Signal> signals) {

    /** Copies the list. */
    public Uplink {
        signals = List.copyOf(signals);
    }

    /** What is known of it. */
    public enum State {
        /** Something beyond the gateway's own networks answers. */
        UP,
        /** Nothing does, by two signals that no single loss beyond the gateway's own networks explains, or this host is on no network. */
        DOWN,
        /** It cannot be said: a server that is silent alone may be gone itself, and so may what depends on it. */
        UNKNOWN,
        /** No machine needs it. */
        NOT_APPLICABLE
    }

    /** What something is known from. */
    public enum Source {
        /** The host's own networks. */
        NETWORK,
        /** A server on the internet that machines are signaled by: whether it can be connected to. */
        SERVER,
        /** Whether the name of such a server can be looked up. */
        NAME,
        /** The machines that are reached over the internet: whether any of them answers, or several that need no relay do not. */
        MACHINES
    }

    /** What a signal says of the uplink. */
    public enum Says {
        /** It is there. */
        UP,
        /** It is not. */
        DOWN,
        /** Nothing. */
        NOTHING
    }

    /**
     * One signal.
     *
     * @param about the server, or what else it is about
     * @param since when it began to say so
     * @param observedAt when it was last looked at
     */
    public record Signal(Source source, String about, Says says, Instant since, Instant observedAt, String detail) {}

    /** Whether a reader would see no difference, but for when it was looked at. */
    public boolean isLike(Uplink other) {
        return state == other.state
                && since.equals(other.since)
                && reason.equals(other.reason)
                && steady(signals).equals(steady(other.signals));
    }

    private static List<Signal> steady(List<Signal> signals) {
        return signals.stream()
                .map(each -> new Signal(each.source, each.about, each.says, each.since, Instant.EPOCH, each.detail))
                .toList();
    }
}
