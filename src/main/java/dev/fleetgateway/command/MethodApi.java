package dev.fleetgateway.command;

import com.google.api.AnnotationsProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import viam.common.v1.Common;

/**
 * One method of one service, with all that a call needs, made once and shared by every machine that has the same.
 *
 * @param nameField the request's field that names the resource; null where there is none
 * @param viaGet whether its HTTP rule is a {@code get}
 */
record MethodApi(
        String service,
        String name,
        Effect effect,
        boolean monitored,
        boolean sticky,
        boolean viaGet,
        @Nullable FieldDescriptor nameField,
        Descriptor input,
        io.grpc.MethodDescriptor<DynamicMessage, DynamicMessage> grpc,
        TypeRegistry types) {

    private static final List<String> NAME_FIELDS = List.of("name", "controller", "board_name");

    static MethodApi of(MethodDescriptor method, Set<String> reads, TypeRegistry types) {
        String service = method.getService().getFullName();
        boolean monitored = method.getOptions().getExtension(Common.safetyHeartbeatMonitored);
        Effect effect = Effects.of(service, method.getName(), monitored, reads);
        boolean viaGet = !method.getOptions()
                .getExtension(AnnotationsProto.http)
                .getGet()
                .isEmpty();
        Descriptor input = method.getInputType();
        return new MethodApi(
                service,
                method.getName(),
                effect,
                monitored,
                Effects.sticky(service, method.getName(), effect),
                viaGet && effect == Effect.READ,
                nameField(input),
                input,
                io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
                        .setType(type(method))
                        .setFullMethodName(service + "/" + method.getName())
                        .setRequestMarshaller(ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(input)))
                        .setResponseMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                        .build(),
                types);
    }

    /** {@code service/Method}. */
    String fullName() {
        return grpc.getFullMethodName();
    }

    boolean unary() {
        return grpc.getType() == io.grpc.MethodDescriptor.MethodType.UNARY;
    }

    boolean serverStreaming() {
        return grpc.getType() == io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING;
    }

    private static @Nullable FieldDescriptor nameField(Descriptor input) {
        for (String name : NAME_FIELDS) {
            FieldDescriptor field = input.findFieldByName(name);
            if (field != null && field.getType() == FieldDescriptor.Type.STRING && !field.isRepeated()) {
                return field;
            }
        }
        return null;
    }

    private static io.grpc.MethodDescriptor.MethodType type(MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming()
                    ? io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING
                    : io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING;
        }
        return method.isServerStreaming()
                ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
                : io.grpc.MethodDescriptor.MethodType.UNARY;
    }
}
