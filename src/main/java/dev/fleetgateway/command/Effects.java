package dev.fleetgateway.command;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.DynamicMessage;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges by its name what a method may do. What is not known to look only may move something. */
final class Effects {

    private static final Pattern LOOKS = Pattern.compile("(Get|Is|Read|List|Stream|Capture)([A-Z0-9_].*)?");
    private static final Set<String> STICKY = Set.of("SetPower", "SetVelocity", "SetRPM");

    /** Sets something in motion that goes on by itself, without a call and without a session. */
    private static final Set<String> DRIVES_ON = Set.of(
            "viam.service.navigation.v1.NavigationService/SetMode",
            "viam.service.motion.v1.MotionService/MoveOnMap",
            "viam.service.motion.v1.MotionService/MoveOnGlobe");

    /** Looks, by full name, though nothing in the name says so. */
    private static final Set<String> LOOKS_TOO = Set.of(
            "viam.robot.v1.RobotService/ResourceNames",
            "viam.robot.v1.RobotService/ResourceRPCSubtypes",
            "viam.robot.v1.RobotService/FrameSystemConfig",
            "viam.robot.v1.RobotService/TransformPose",
            "viam.robot.v1.RobotService/TransformPCD",
            "viam.component.board.v1.BoardService/PWM",
            "viam.component.board.v1.BoardService/PWMFrequency",
            "viam.service.mlmodel.v1.MLModelService/Infer",
            "viam.service.mlmodel.v1.MLModelService/Metadata");

    /** Never open to callers: the gateway keeps presence and operations itself, and gives no way around its doors. */
    private static final Set<String> CLOSED = Set.of(
            "viam.robot.v1.RobotService/StartSession",
            "viam.robot.v1.RobotService/SendSessionHeartbeat",
            "viam.robot.v1.RobotService/CancelOperation",
            "viam.robot.v1.RobotService/BlockForOperation",
            "viam.robot.v1.RobotService/Tunnel");

    private static final Set<String> SESSION =
            Set.of("viam.robot.v1.RobotService/StartSession", "viam.robot.v1.RobotService/SendSessionHeartbeat");

    private static final Set<String> CLOSED_SERVICES = Set.of(
            "proto.rpc.v1.AuthService",
            "proto.rpc.v1.ExternalAuthService",
            "proto.rpc.webrtc.v1.SignalingService",
            "viam.service.shell.v1.ShellService");

    private Effects() {}

    /**
     * The effect of a method.
     *
     * @param reads further methods, by full name, that are said to look only ({@code gateway.call.reads})
     */
    static Effect of(String service, String method, boolean monitored, Set<String> reads) {
        String full = service + "/" + method;
        if (Effect.stops(method)) {
            return Effect.STOP;
        }
        if (reads.contains(full) || LOOKS_TOO.contains(full)) {
            return Effect.READ;
        }
        return !monitored && LOOKS.matcher(method).matches() ? Effect.READ : Effect.ACT;
    }

    /** Whether a request of an ACT stops all the same: a navigation service is stopped by being told to go by hand. */
    static boolean stops(MethodApi method, DynamicMessage request) {
        if (!method.fullName().equals("viam.service.navigation.v1.NavigationService/SetMode")) {
            return false;
        }
        var mode = method.input().findFieldByName("mode");
        return mode != null
                && request.getField(mode) instanceof EnumValueDescriptor value
                && value.getName().equals("MODE_MANUAL");
    }

    /** Whether the motion of an ACT outlasts its answer: the motor's and base's own, and those that a service drives by itself. */
    static boolean sticky(String service, String method, Effect effect) {
        return effect == Effect.ACT && (STICKY.contains(method) || DRIVES_ON.contains(service + "/" + method));
    }

    /** Whether it keeps a session, which only callers do who keep theirs themselves. */
    static boolean keepsSession(String service, String method) {
        return SESSION.contains(service + "/" + method);
    }

    /** Whether callers may not call it at all. */
    static boolean closed(String service, String method) {
        return CLOSED_SERVICES.contains(service) || CLOSED.contains(service + "/" + method);
    }
}
