package dev.fleetgateway.uplink;

import dev.fleetgateway.machine.Address;
import dev.fleetgateway.uplink.Uplink.Says;
import dev.fleetgateway.uplink.Uplink.Signal;
import dev.fleetgateway.uplink.Uplink.Source;
import dev.fleetgateway.uplink.Uplink.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of the uplink, from all signals. Pure. */
final class Judgement {

    private Judgement() {}

    /**
     * Judges.
     *
     * @param needed whether any machine uses a server on the internet
     * @param quietSince since when no signal says that it is up; now, where one does
     * @param before what was said before, whose since is kept where the state stays
     */
    static Uplink of(boolean needed, List<Signal> signals, Instant quietSince, Uplink before, Instant now) {
        List<Signal> up = saying(signals, Says.UP);
        List<Signal> down = saying(signals, Says.DOWN);
        if (!needed) {
            return said(
                    State.NOT_APPLICABLE,
                    "no machine is signaled by a server on the internet, so the gateway does not look for it",
                    now,
                    signals,
                    before);
        }
        List<Signal> network =
                signals.stream().filter(each -> each.source() == Source.NETWORK).toList();
        if (!saying(network, Says.DOWN).isEmpty()) {
            return said(State.DOWN, words(down), earliest(network), signals, before);
        }
        if (!up.isEmpty()) {
            // What was seen before there was a network again is not it.
            return said(State.UP, up.getFirst().detail(), later(earliest(up), earliest(network)), signals, before);
        }
        if (independent(down) >= 2) {
            // One of them may have said so while another said that it is up.
            return said(State.DOWN, words(down), later(earliest(down), quietSince), signals, before);
        }
        return said(
                State.UNKNOWN,
                down.isEmpty()
                        ? "nothing is heard from beyond the gateway's own networks, and it is not known yet what that means"
                        : words(down) + "; whether that alone is gone, or the way to it, cannot be told",
                now,
                signals,
                before);
    }

    /** Servers are told apart by their hosts, names are not: one resolver looks them all up. */
    private static long independent(List<Signal> down) {
        return down.stream()
                .map(each -> each.source() == Source.SERVER
                        ? Address.parse(each.about()).host()
                        : each.source().name())
                .distinct()
                .count();
    }

    private static List<Signal> saying(List<Signal> signals, Says says) {
        return signals.stream().filter(each -> each.says() == says).toList();
    }

    private static String words(List<Signal> down) {
        return down.stream().map(Signal::detail).distinct().collect(Collectors.joining("; "));
    }

    private static Instant earliest(List<Signal> some) {
        return some.stream().map(Signal::since).min(Comparator.naturalOrder()).orElseThrow();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Uplink said(State state, String reason, Instant since, List<Signal> signals, Uplink before) {
        return new Uplink(
                state,
                state == before.state() ? before.since() : since.truncatedTo(ChronoUnit.MILLIS),
                reason,
                signals);
    }
}
