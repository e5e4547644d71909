package dev.fleetgateway.lease;

import java.util.List;

/**
 * One command that may move something, as a caller gives it.
 *
 * @param api such as {@code component:motor}
 * @param service the full name of the gRPC service
 * @param monitored whether the machine ties it to a session
 */
record Command(String api, String name, String service, String method, boolean monitored, String json) {

    /** A motion that outlasts its answer. */
    static final Command STICKY = motor("m1", "SetPower", "{\"powerPct\": 0.5}");

    /** All monitored methods, and some that may move something though they are not. */
    static final List<Command> ALL = List.of(
            STICKY,
            STICKY,
            motor("m2", "SetPower", "{\"powerPct\": -0.5}"),
            motor("m1", "GoFor", "{\"rpm\": 60, \"revolutions\": 2}"),
            motor("m2", "GoFor", "{\"rpm\": 60, \"revolutions\": 0.3}"),
            motor("m1", "GoTo", "{\"rpm\": 100, \"positionRevolutions\": 4}"),
            motor("m2", "SetRPM", "{\"rpm\": 30}"),
            base("MoveStraight", "{\"distanceMm\": 300, \"mmPerSec\": 200}"),
            base("Spin", "{\"angleDeg\": 45, \"degsPerSec\": 60}"),
            base("SetPower", "{\"linear\": {\"y\": 0.5}}"),
            base("SetVelocity", "{\"linear\": {\"y\": 100}}"),
            arm("MoveToPosition", "{\"to\": {\"x\": 100, \"y\": 10, \"z\": 10}}"),
            arm("MoveToJointPositions", "{\"positions\": {\"values\": [20, 20, 20, 20, 20, 20]}}"),
            arm("MoveThroughJointPositions", "{\"positions\": [{\"values\": [5, 5, 5, 5, 5, 5]}]}"),
            arm("MoveThroughJointPositionsStreamed", "{}"),
            fixture("gantry", "MoveToPosition", "{\"positionsMm\": [50]}"),
            fixture("gripper", "Open", "{}"),
            fixture("gripper", "Grab", "{}"),
            fixture("gripper", "GoToInputs", "{\"values\": [0.5]}"),
            fixture("servo", "Move", "{\"angleDeg\": 30}"),
            fixture("button", "Push", "{}"),
            fixture("switch", "SetPosition", "{\"position\": 1}"),
            new Command("component:gantry", "gantry1", "viam.component.gantry.v1.GantryService", "Home", false, "{}"),
            new Command(
                    "component:generic",
                    "g1",
                    "viam.component.generic.v1.GenericService",
                    "DoCommand",
                    false,
                    "{\"command\": {\"a\": 1}}"),
            new Command(
                    "component:board",
                    "board1",
                    "viam.component.board.v1.BoardService",
                    "SetGPIO",
                    false,
                    "{\"pin\": \"1\", \"high\": true}"),
            new Command(
                    "service:motion",
                    "builtin",
                    "viam.service.motion.v1.MotionService",
                    "Move",
                    false,
                    "{\"componentName\": \"arm1\", \"destination\": {\"pose\": {\"x\": 50}}}"),
            new Command(
                    "service:motion",
                    "builtin",
                    "viam.service.motion.v1.MotionService",
                    "MoveOnGlobe",
                    false,
                    "{\"componentName\": \"base1\", \"destination\": {\"latitude\": 1, \"longitude\": 1}}"),
            new Command(
                    "service:navigation",
                    "nav1",
                    "viam.service.navigation.v1.NavigationService",
                    "SetMode",
                    false,
                    "{\"mode\": \"MODE_WAYPOINT\"}"));

    private static Command motor(String name, String method, String json) {
        return new Command("component:motor", name, "viam.component.motor.v1.MotorService", method, true, json);
    }

    private static Command base(String method, String json) {
        return new Command("component:base", "base1", "viam.component.base.v1.BaseService", method, true, json);
    }

    private static Command arm(String method, String json) {
        return new Command("component:arm", "arm1", "viam.component.arm.v1.ArmService", method, true, json);
    }

    private static Command fixture(String kind, String method, String json) {
        String service = Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + "Service";
        return new Command(
                "component:" + kind, kind + '1', "viam.component." + kind + ".v1." + service, method, true, json);
    }

    String full() {
        return service + "/" + method;
    }

    /** As a socket names it. */
    String resource() {
        return "rdk:" + api + "/" + name;
    }

    /** As a path names it, after the machine. */
    String path() {
        return "/" + api.replace("component:", "components/").replace("service:", "services/") + "/" + name + "/"
                + method;
    }
}
