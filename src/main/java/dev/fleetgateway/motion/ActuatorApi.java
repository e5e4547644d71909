package dev.fleetgateway.motion;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The two calls that every actuator's API has in the same form: {@code IsMoving} and {@code Stop}. The messages have one field
 * each that counts here, so they are written by hand rather than generated once for each API.
 */
public final class ActuatorApi {

    /** What a machine's StopAll stops (seen live: services, buttons and switches are not). */
    private static final List<String> SUBTYPES = List.of("arm", "base", "gantry", "gripper", "motor", "servo");

    private static final Map<String, MethodDescriptor<String, Boolean>> IS_MOVING = methods("IsMoving");
    private static final Map<String, MethodDescriptor<String, Boolean>> STOP = methods("Stop");
    private static final Map<String, String> API_BY_SERVICE = SUBTYPES.stream()
            .collect(Collectors.toUnmodifiableMap(ActuatorApi::service, subtype -> "rdk:component:" + subtype));

    private ActuatorApi() {}

    /** Whether resources of that API are stopped by StopAll, and can be asked and stopped one by one. */
    public static boolean isActuator(String api) {
        return STOP.containsKey(api);
    }

    /** How to ask a resource of an API whether it moves, by its name; null where it has no such question. */
    public static @Nullable MethodDescriptor<String, Boolean> isMoving(String api) {
        return IS_MOVING.get(api);
    }

    /** How to tell a resource of an API to stop, by its name; the answer says nothing. Null where there is no such call. */
    public static @Nullable MethodDescriptor<String, Boolean> stop(String api) {
        return STOP.get(api);
    }

    /** The API that a gRPC service of an actuator serves; null for any other service. */
    public static @Nullable String apiOf(String service) {
        return API_BY_SERVICE.get(service);
    }

    private static Map<String, MethodDescriptor<String, Boolean>> methods(String name) {
        return SUBTYPES.stream()
                .collect(Collectors.toUnmodifiableMap(
                        subtype -> "rdk:component:" + subtype, subtype -> method(service(subtype), name)));
    }

    private static String service(String subtype) {
        return "viam.component.%s.v1.%s%sService"
                .formatted(subtype, Character.toUpperCase(subtype.charAt(0)), subtype.substring(1));
    }

    private static MethodDescriptor<String, Boolean> method(String service, String name) {
        return MethodDescriptor.<String, Boolean>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
                .setRequestMarshaller(new Marshaller<>(ActuatorApi::writeName, ActuatorApi::readName))
                .setResponseMarshaller(new Marshaller<>(ActuatorApi::writeMoving, ActuatorApi::readMoving))
                .build();
    }

    private static byte[] writeName(String name) {
        return message(out -> out.writeString(1, name));
    }

    private static byte[] writeMoving(boolean moving) {
        return message(out -> out.writeBool(1, moving));
    }

    private static String readName(InputStream stream) {
        return read(stream, "", CodedInputStream::readStringRequireUtf8);
    }

    private static boolean readMoving(InputStream stream) {
        return read(stream, false, CodedInputStream::readBool);
    }

    private static byte[] message(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.write(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("an array in memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(InputStream stream, T otherwise, Reading<T> reading) {
        try {
            T value = otherwise;
            CodedInputStream in = CodedInputStream.newInstance(stream);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag >>> 3 == 1) {
                    value = reading.read(in);
                } else {
                    in.skipField(tag);
                }
            }
            return value;
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("the machine's answer cannot be read")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private interface Writing {
        void write(CodedOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T read(CodedInputStream in) throws IOException;
    }

    private record Marshaller<T>(Function<T, byte[]> writer, Function<InputStream, T> reader)
            implements MethodDescriptor.Marshaller<T> {

        @Override
        public InputStream stream(T value) {
            return new ByteArrayInputStream(writer.apply(value));
        }

        @Override
        public T parse(InputStream stream) {
            return reader.apply(stream);
        }
    }
}
