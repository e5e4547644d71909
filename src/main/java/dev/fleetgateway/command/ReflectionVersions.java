package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two versions of gRPC server reflection, which differ in their names alone. */
interface ReflectionVersions<Q, A> {

    ReflectionVersions<io.grpc.reflection.v1.ServerReflectionRequest, io.grpc.reflection.v1.ServerReflectionResponse>
            V1 = new ReflectionVersions<>() {
                @Override
                public MethodDescriptor<
                                io.grpc.reflection.v1.ServerReflectionRequest,
                                io.grpc.reflection.v1.ServerReflectionResponse>
                        method() {
                    return io.grpc.reflection.v1.ServerReflectionGrpc.getServerReflectionInfoMethod();
                }

                @Override
                public io.grpc.reflection.v1.ServerReflectionRequest file(String name) {
                    return io.grpc.reflection.v1.ServerReflectionRequest.newBuilder()
                            .setFileByFilename(name)
                            .build();
                }

                @Override
                public io.grpc.reflection.v1.ServerReflectionRequest symbol(String name) {
                    return io.grpc.reflection.v1.ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol(name)
                            .build();
                }

                @Override
                public Answer read(io.grpc.reflection.v1.ServerReflectionResponse answer) {
                    return answer.hasErrorResponse()
                            ? new Answer(List.of(), answer.getErrorResponse().getErrorMessage())
                            : new Answer(answer.getFileDescriptorResponse().getFileDescriptorProtoList(), null);
                }
            };

    ReflectionVersions<
                    io.grpc.reflection.v1alpha.ServerReflectionRequest,
                    io.grpc.reflection.v1alpha.ServerReflectionResponse>
            V1ALPHA = new ReflectionVersions<>() {
                @Override
                public MethodDescriptor<
                                io.grpc.reflection.v1alpha.ServerReflectionRequest,
                                io.grpc.reflection.v1alpha.ServerReflectionResponse>
                        method() {
                    return io.grpc.reflection.v1alpha.ServerReflectionGrpc.getServerReflectionInfoMethod();
                }

                @Override
                public io.grpc.reflection.v1alpha.ServerReflectionRequest file(String name) {
                    return io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                            .setFileByFilename(name)
                            .build();
                }

                @Override
                public io.grpc.reflection.v1alpha.ServerReflectionRequest symbol(String name) {
                    return io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                            .setFileContainingSymbol(name)
                            .build();
                }

                @Override
                public Answer read(io.grpc.reflection.v1alpha.ServerReflectionResponse answer) {
                    return answer.hasErrorResponse()
                            ? new Answer(List.of(), answer.getErrorResponse().getErrorMessage())
                            : new Answer(answer.getFileDescriptorResponse().getFileDescriptorProtoList(), null);
                }
            };

    MethodDescriptor<Q, A> method();

    /** Asks for the file that has a symbol, with the files it imports. */
    Q symbol(String name);

    /** Asks for a file by its name. */
    Q file(String name);

    Answer read(A answer);

    /** Files, or the machine's word why there are none. */
    record Answer(List<ByteString> files, @Nullable String error) {}
}
