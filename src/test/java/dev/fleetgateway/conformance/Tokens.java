package dev.fleetgateway.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Changes a key for a token, with messages written field by field: an open machine does not describe this service. */
final class Tokens {

    private static final MethodDescriptor<UnknownFieldSet, UnknownFieldSet> AUTHENTICATE =
            MethodDescriptor.<UnknownFieldSet, UnknownFieldSet>newBuilder()
                    .setType(MethodType.UNARY)
                    .setFullMethodName("proto.rpc.v1.AuthService/Authenticate")
                    .setRequestMarshaller(new Fields())
                    .setResponseMarshaller(new Fields())
                    .build();

    private Tokens() {}

    static String token(Channel channel, String id, String key) {
        UnknownFieldSet credentials = UnknownFieldSet.newBuilder()
                .addField(1, text("api-key"))
                .addField(2, text(key))
                .build();
        UnknownFieldSet request = UnknownFieldSet.newBuilder()
                .addField(1, text(id))
                .addField(
                        2,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(credentials.toByteString())
                                .build())
                .build();
        UnknownFieldSet answer = ClientCalls.blockingUnaryCall(
                channel, AUTHENTICATE, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS), request);
        return answer.getField(1).getLengthDelimitedList().getFirst().toStringUtf8();
    }

    private static UnknownFieldSet.Field text(String text) {
        return UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8(text))
                .build();
    }

    private static final class Fields implements MethodDescriptor.Marshaller<UnknownFieldSet> {

        @Override
        public InputStream stream(UnknownFieldSet value) {
            return value.toByteString().newInput();
        }

        @Override
        public UnknownFieldSet parse(InputStream stream) {
            try {
                return UnknownFieldSet.parseFrom(CodedInputStream.newInstance(stream));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
