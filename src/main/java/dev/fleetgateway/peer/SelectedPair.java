package dev.fleetgateway.peer;

import dev.onvoid.webrtc.RTCStats;
import dev.onvoid.webrtc.RTCStatsReport;
import dev.onvoid.webrtc.RTCStatsType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the pair of addresses in use among the library's statistics: transport, pair, and both candidates. */
final class SelectedPair {

    private SelectedPair() {}

    /**
     * Reads it.
     *
     * @throws IllegalStateException where none is selected
     */
    static Peer.Pair of(RTCStatsReport report) {
        Map<String, RTCStats> all = report.getStats();
        RTCStats pair = all.values().stream()
                .filter(stats -> stats.getType() == RTCStatsType.TRANSPORT)
                .map(transport -> linked(all, transport, "selectedCandidatePairId"))
                .filter(selected -> selected != null)
                .findFirst()
                .orElse(null);
        RTCStats local = linked(all, pair, "localCandidateId");
        RTCStats remote = linked(all, pair, "remoteCandidateId");
        if (local == null || remote == null) {
            throw new IllegalStateException("no pair of addresses is selected");
        }
        return new Peer.Pair(
                text(local, "address"),
                port(local),
                text(local, "candidateType"),
                text(remote, "address"),
                port(remote),
                text(remote, "candidateType"));
    }

    private static @Nullable RTCStats linked(Map<String, RTCStats> all, @Nullable RTCStats from, String attribute) {
        return from != null && from.getAttributes().get(attribute) instanceof String id ? all.get(id) : null;
    }

    private static String text(RTCStats stats, String attribute) {
        return stats.getAttributes().get(attribute) instanceof String text ? text : "";
    }

    private static int port(RTCStats stats) {
        return stats.getAttributes().get("port") instanceof Number port ? port.intValue() : 0;
    }
}
