package dev.fleetgateway.simulator;

import java.util.List;
import viam.common.v1.ResourceName;
import viam.robot.v1.ConfigStatus;
import viam.robot.v1.GetMachineStatusResponse;
import viam.robot.v1.ResourceStatus;

/** What a machine says of itself: its state, its configuration's heartbeat, and every resource with its health. */
final class StatusReport {

    private static final String REVISION = "simulated-1";

    /** The services that viam-server runs for itself and lists with the rest. */
    private static final List<ResourceName> INTERNAL = List.of(
            RobotApi.name("rdk-internal:service:cloud_connection", "builtin"),
            RobotApi.name("rdk-internal:service:frame_system", "builtin"),
            RobotApi.name("rdk-internal:service:packagemanager", "builtin"),
            RobotApi.name("rdk-internal:service:web", "builtin"));

    private StatusReport() {}

    static GetMachineStatusResponse of(Life life) {
        boolean initializing = life.initializing();
        GetMachineStatusResponse.Builder report = GetMachineStatusResponse.newBuilder()
                .setState(
                        initializing
                                ? GetMachineStatusResponse.State.STATE_INITIALIZING
                                : GetMachineStatusResponse.State.STATE_RUNNING)
                .setConfig(ConfigStatus.newBuilder()
                        .setRevision(revision(life))
                        .setLastUpdated(RobotApi.stamp(life.heartbeat().lastUpdated())));
        INTERNAL.forEach(name -> report.addResources(status(life, name, ResourceStatus.State.STATE_READY)));
        if (life.configured()) {
            life.resources().all().forEach(one -> report.addResources(status(life, one, initializing)));
        }
        return report.build();
    }

    private static ResourceStatus.Builder status(Life life, Resources.Placed one, boolean initializing) {
        ResourceName name = RobotApi.name(one.spec().api(), one.spec().name());
        if (initializing) {
            return status(life, name, ResourceStatus.State.STATE_CONFIGURING);
        }
        return one.spec()
                .failure()
                .map(why ->
                        status(life, name, ResourceStatus.State.STATE_UNHEALTHY).setError(why))
                .orElseGet(() -> status(life, name, ResourceStatus.State.STATE_READY));
    }

    private static ResourceStatus.Builder status(Life life, ResourceName name, ResourceStatus.State state) {
        return ResourceStatus.newBuilder()
                .setName(name)
                .setState(state)
                .setLastUpdated(RobotApi.stamp(life.bornAt()))
                .setRevision(revision(life))
                .setCloudMetadata(RobotApi.cloud(life.spec()));
    }

    private static String revision(Life life) {
        return life.spec().managed() ? REVISION : "";
    }
}
