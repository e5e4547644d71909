package dev.fleetgateway.conformance;

import com.google.api.HttpRule;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which methods of a machine only look, judged by the words of design.md 5.1 and not by the gateway's own code. */
final class Reads {

    private static final int MONITORED = 84_260;
    private static final int HTTP_RULE = 72_295_728;
    private static final Pattern LOOKS = Pattern.compile("(Get|Is|Read|List|Stream|Capture).*");
    private static final Set<String> LOOK_TOO = Set.of(
            "RobotService/ResourceNames",
            "RobotService/ResourceRPCSubtypes",
            "RobotService/FrameSystemConfig",
            "RobotService/TransformPose",
            "RobotService/TransformPCD",
            "BoardService/PWM",
            "BoardService/PWMFrequency",
            "MLModelService/Infer",
            "MLModelService/Metadata");
    private static final Set<String> CLOSED =
            Set.of("AuthService", "ExternalAuthService", "SignalingService", "ShellService");

    private Reads() {}

    /** The unary methods that only look and that a caller may call. */
    static List<MethodDescriptor> unary(ServiceDescriptor service) {
        List<MethodDescriptor> reads = new ArrayList<>();
        for (MethodDescriptor method : service.getMethods()) {
            boolean unary = !method.isClientStreaming() && !method.isServerStreaming();
            if (unary && looks(method) && !CLOSED.contains(service.getName())) {
                reads.add(method);
            }
        }
        return reads;
    }

    private static boolean looks(MethodDescriptor method) {
        boolean monitored = method.getOptions()
                .getUnknownFields()
                .getField(MONITORED)
                .getVarintList()
                .contains(1L);
        return !monitored
                && (LOOKS.matcher(method.getName()).matches()
                        || LOOK_TOO.contains(method.getService().getName() + "/" + method.getName()));
    }

    /** Whether its HTTP rule is a {@code get}. */
    static boolean viaGet(MethodDescriptor method) {
        UnknownFieldSet.Field rule = method.getOptions().getUnknownFields().getField(HTTP_RULE);
        if (rule.getLengthDelimitedList().isEmpty()) {
            return false;
        }
        try {
            return HttpRule.parseFrom(rule.getLengthDelimitedList().getLast()).hasGet();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The field of its request that names the resource; null where there is none. */
    static @Nullable FieldDescriptor nameField(MethodDescriptor method) {
        for (String name : List.of("name", "controller", "board_name")) {
            FieldDescriptor field = method.getInputType().findFieldByName(name);
            if (field != null) {
                return field;
            }
        }
        return null;
    }
}
