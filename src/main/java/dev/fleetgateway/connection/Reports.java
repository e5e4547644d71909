package dev.fleetgateway.connection;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.fleetgateway.connection.MachineReport.Configuration;
import dev.fleetgateway.connection.MachineReport.Lifecycle;
import dev.fleetgateway.connection.MachineReport.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import viam.common.v1.ResourceName;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.PackageStatus;
import viam.robot.v1.ResourceStatus;

/** Reads a machine's answer to a status poll. */
final class Reports {

    /** The namespace of the machine's own inner workings, which nobody can call. */
    private static final String INTERNAL = "rdk-internal";

    private Reports() {}

    /**
     * One question that was answered.
     *
     * @param at when the answer was there
     * @param rtt how long that took
     * @param askedNanos when it was asked, a reading of {@link dev.fleetgateway.time.Time#nanos()}
     */
    record Poll(Instant at, Duration rtt, long askedNanos) {}

    /**
     * The report after one more answer.
     *
     * @param before the last one; its parts are kept where the answer does not say, and reused where nothing changed
     * @param identity what the link says of who is at its other end
     */
    static MachineReport after(
            @Nullable MachineReport before,
            @Nullable GetMachineStatusResponse answer,
            Poll poll,
            String note,
            MachineReport.@Nullable Software software,
            String identity) {
        Instant at = poll.at();
        if (answer == null) {
            return new MachineReport(
                    at,
                    poll.rtt(),
                    Lifecycle.UNKNOWN,
                    note,
                    before == null ? List.of() : before.resources(),
                    before == null ? null : before.resourcesObservedAt(),
                    before == null ? null : before.configuration(),
                    before == null ? partId(identity) : before.partId(),
                    software);
        }
        List<Resource> resources = resources(answer);
        if (before != null && before.resources().equals(resources)) {
            resources = before.resources();
        }
        Lifecycle lifecycle = switch (answer.getState()) {
            case STATE_INITIALIZING -> Lifecycle.INITIALIZING;
            case STATE_RUNNING -> Lifecycle.RUNNING;
            case STATE_UNSPECIFIED, UNRECOGNIZED -> Lifecycle.UNKNOWN;
        };
        String reason = switch (lifecycle) {
            case INITIALIZING -> "the machine is still building its resources";
            case RUNNING, STOPPING -> "";
            case UNKNOWN -> "the machine does not say";
        };
        return new MachineReport(
                at,
                poll.rtt(),
                lifecycle,
                reason,
                resources,
                at,
                configuration(answer, poll),
                partId(identity),
                software);
    }

    private static @Nullable String partId(String identity) {
        if (identity.startsWith(Link.PART)) {
            return identity.substring(Link.PART.length());
        }
        return identity.startsWith(Link.UNMANAGED) ? "" : null;
    }

    private static @Nullable Configuration configuration(GetMachineStatusResponse answer, Poll poll) {
        if (!answer.hasConfig()) {
            return null;
        }
        Timestamp built = null;
        for (ResourceStatus status : answer.getResourcesList()) {
            if (status.hasLastUpdated()) {
                Timestamp updated = status.getLastUpdated();
                built = built == null || Timestamps.compare(updated, built) < 0 ? updated : built;
            }
        }
        return new Configuration(
                answer.getConfig().hasLastUpdated() ? instant(answer.getConfig().getLastUpdated()) : null,
                answer.getConfig().getRevision(),
                built == null ? null : instant(built),
                busy(answer),
                poll.at(),
                poll.askedNanos());
    }

    private static String busy(GetMachineStatusResponse answer) {
        for (PackageStatus each : answer.getPackagesList()) {
            switch (each.getState()) {
                case STATE_DOWNLOADING, STATE_LOADING, STATE_FIRST_RUN -> {
                    return "its package %s is being installed".formatted(each.getName());
                }
                case STATE_UNSPECIFIED, STATE_READY, STATE_FAILED, UNRECOGNIZED -> {}
            }
        }
        for (ResourceStatus status : answer.getResourcesList()) {
            switch (status.getState()) {
                case STATE_CONFIGURING, STATE_REMOVING -> {
                    return "its resource %s is being built or removed"
                            .formatted(status.getName().getName());
                }
                case STATE_UNSPECIFIED, STATE_UNCONFIGURED, STATE_READY, STATE_UNHEALTHY, UNRECOGNIZED -> {}
            }
        }
        return "";
    }

    private static Instant instant(Timestamp stamp) {
        return Instant.ofEpochSecond(stamp.getSeconds(), stamp.getNanos());
    }

    private static List<Resource> resources(GetMachineStatusResponse answer) {
        List<Resource> resources = new ArrayList<>(answer.getResourcesCount());
        for (ResourceStatus status : answer.getResourcesList()) {
            ResourceName name = status.getName();
            if (!name.getNamespace().equals(INTERNAL)) {
                resources.add(new Resource(api(name), name.getName(), state(status.getState()), status.getError()));
            }
        }
        resources.sort(Comparator.comparing(Resource::api).thenComparing(Resource::name));
        return resources;
    }

    private static String api(ResourceName name) {
        return (name.getNamespace() + ":" + name.getType() + ":" + name.getSubtype()).intern();
    }

    private static String state(ResourceStatus.State state) {
        return state == ResourceStatus.State.UNRECOGNIZED
                ? "UNKNOWN"
                : state.name().substring("STATE_".length()).intern();
    }
}
