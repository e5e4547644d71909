package dev.fleetgateway.status;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one question a look asks: {@code IsMoving}, which every actuator's API has in the same form. The two messages have one
 * field each, so they are written here rather than generated once for each API.
 */
final class IsMoving {

    private static final Map<String, MethodDescriptor<String, Boolean>> BY_API = Stream.of(
                    "arm", "base", "gantry", "gripper", "motor", "servo")
            .collect(Collectors.toUnmodifiableMap(subtype -> "rdk:component:" + subtype, IsMoving::method));

    private IsMoving() {}

    /** How to ask a resource of an API whether it moves; null where it has no such question. */
    static @Nullable MethodDescriptor<String, Boolean> of(String api) {
        return BY_API.get(api);
    }

    private static MethodDescriptor<String, Boolean> method(String subtype) {
        String service = "viam.component.%s.v1.%s%sService"
                .formatted(subtype, Character.toUpperCase(subtype.charAt(0)), subtype.substring(1));
        return MethodDescriptor.<String, Boolean>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "IsMoving"))
                .setSafe(true)
                .setRequestMarshaller(new Marshaller<>(IsMoving::writeName, IsMoving::readName))
                .setResponseMarshaller(new Marshaller<>(IsMoving::writeMoving, IsMoving::readMoving))
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
                    .withDescription("the machine's answer is no IsMovingResponse")
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
