package dev.fleetgateway.command;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.motion.Resource;
import java.util.Optional;

/** Tells what command has sent a service on an errand that outlasts it, or called it back from one. */
final class SentOn {

    private static final String SET_MODE = "viam.service.navigation.v1.NavigationService/SetMode";
    private static final String MOVE_ON_MAP = "viam.service.motion.v1.MotionService/MoveOnMap";
    private static final String MOVE_ON_GLOBE = "viam.service.motion.v1.MotionService/MoveOnGlobe";
    private static final String STOP_PLAN = "viam.service.motion.v1.MotionService/StopPlan";

    private SentOn() {}

    /** The errand that an answered ACT began; empty for all but a few. */
    static Optional<Errand> errand(
            MethodApi method, Resource service, DynamicMessage request, DynamicMessage response) {
        return switch (method.fullName()) {
            case MOVE_ON_MAP, MOVE_ON_GLOBE -> {
                String execution = text(response, "execution_id");
                yield execution.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Errand.execution(service, text(request, "component_name"), execution));
            }
            case SET_MODE -> {
                var field = request.getDescriptorForType().findFieldByName("mode");
                yield field != null && request.getField(field) instanceof EnumValueDescriptor mode
                        ? Optional.of(Errand.mode(service, mode.getName()))
                        : Optional.empty();
            }
            default -> Optional.empty();
        };
    }

    /** Whether a STOP ends errands, rather than what an actuator does. */
    static boolean callsBack(MethodApi method) {
        return method.fullName().equals(SET_MODE) || method.fullName().equals(STOP_PLAN);
    }

    private static String text(DynamicMessage message, String name) {
        var field = message.getDescriptorForType().findFieldByName(name);
        return field != null && message.getField(field) instanceof String value ? value : "";
    }
}
