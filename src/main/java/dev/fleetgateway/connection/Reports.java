package dev.fleetgateway.connection;

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
import viam.robot.v1.ResourceStatus;

/** Reads a machine's answer to a status poll. */
final class Reports {

    /** The namespace of the machine's own inner workings, which nobody can call. */
    private static final String INTERNAL = "rdk-internal";

    private Reports() {}

    /**
     * The report after one more answer.
     *
     * @param before the last one; its parts are kept where the answer does not say, and reused where nothing changed
     */
    static MachineReport after(
            @Nullable MachineReport before,
            @Nullable GetMachineStatusResponse answer,
            Instant at,
            Duration rtt,
            String note,
            MachineReport.@Nullable Software software) {
        if (answer == null) {
            return new MachineReport(
                    at,
                    rtt,
                    Lifecycle.UNKNOWN,
                    note,
                    before == null ? List.of() : before.resources(),
                    before == null ? null : before.resourcesObservedAt(),
                    before == null ? null : before.configUpdatedAt(),
                    software);
        }
        List<Resource> resources = resources(answer);
        if (before != null && before.resources().equals(resources)) {
            resources = before.resources();
        }
        Instant config = answer.hasConfig() && answer.getConfig().hasLastUpdated()
                ? Instant.ofEpochSecond(
                        answer.getConfig().getLastUpdated().getSeconds(),
                        answer.getConfig().getLastUpdated().getNanos())
                : null;
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
        return new MachineReport(at, rtt, lifecycle, reason, resources, at, config, software);
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
