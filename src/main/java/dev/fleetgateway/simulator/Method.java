package dev.fleetgateway.simulator;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import org.jspecify.annotations.Nullable;

/**
 * One method as every machine of the fleet knows it.
 *
 * @param path such as {@code viam.component.motor.v1.MotorService/GoFor}
 * @param api such as {@code rdk:component:motor}; empty for methods of the machine itself
 * @param monitored whether it needs a session to be protected
 * @param target the field that names the resource
 * @param limit what its calls in flight are counted under: the service; empty where nothing is counted
 * @param action what it does; null where the machine does not implement it
 */
record Method(
        String path,
        String api,
        Kind kind,
        boolean monitored,
        @Nullable FieldDescriptor target,
        String limit,
        @Nullable Action action,
        MethodDescriptor<Inbound, Message> wire) {

    /** How a method passes the machine's gates. */
    enum Kind {
        UNARY,
        SERVER_STREAM,
        AUTHENTICATE,
        REFLECTION_V1,
        REFLECTION_V1ALPHA,
        UNKNOWN
    }

    /** What a method does on one machine. */
    @FunctionalInterface
    interface Action {

        /** Answers the call now or later, or throws a {@link Refusal}. Must not block. */
        void run(Life life, Message request, Call call);
    }

    /** How a method looks on the wire. */
    static MethodDescriptor<Inbound, Message> wire(String path, MethodType type, Message request) {
        return MethodDescriptor.<Inbound, Message>newBuilder()
                .setFullMethodName(path)
                .setType(type)
                .setRequestMarshaller(new Inbound.Reader(request.getParserForType()))
                // A machine only ever writes responses, for which any message will do as the model.
                .setResponseMarshaller(ProtoUtils.marshaller((Message) Empty.getDefaultInstance()))
                .build();
    }

    /** A method nobody knows: it still has to pass authentication before it is told so. */
    static Method unknown(String path) {
        return new Method(
                path,
                "",
                Kind.UNKNOWN,
                false,
                null,
                "",
                null,
                wire(path, MethodType.BIDI_STREAMING, Empty.getDefaultInstance()));
    }

    /** The name without its service. */
    String shortName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name of the resource that a request is for; empty if it names none. */
    String targetOf(Message request) {
        return target == null ? "" : (String) request.getField(target);
    }
}
