package dev.fleetgateway.simulator;

import java.util.ArrayList;
import java.util.Collections;
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
        List<ResourceStatus> all = new ArrayList<>();
        INTERNAL.forEach(name ->
                all.add(status(life, name, ResourceStatus.State.STATE_READY).build()));
        if (life.configured()) {
            life.resources()
                    .all()
                    .forEach(one -> all.add(status(life, one, initializing).build()));
        }
        // A real machine has them in no order, and nobody should come to rely on one.
        Collections.shuffle(all);
        return report.addAllResources(all).build();
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
