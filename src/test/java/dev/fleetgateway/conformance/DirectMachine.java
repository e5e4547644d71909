package dev.fleetgateway.conformance;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection to a machine as any client has one. It shares no code with the gateway: what it sees is what there is. */
final class DirectMachine implements AutoCloseable {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String ROBOT = "viam.robot.v1.RobotService";

    private final ManagedChannel wire;
    private final Channel channel;
    private final Descriptions descriptions;

    private DirectMachine(ManagedChannel wire, Channel channel) {
        this.wire = wire;
        this.channel = channel;
        this.descriptions = new Descriptions(channel);
    }

    /**
     * What a machine said to one call: an answer or an error.
     *
     * @param json the answer as proto3 JSON with all fields
     */
    record Said(Status status, @Nullable String json) {

        String text() {
            return status.getDescription() == null ? "" : status.getDescription();
        }

        String answer() {
            if (json == null) {
                throw status.asRuntimeException();
            }
            return json;
        }
    }

    static DirectMachine connect(MachineUnderTest machine) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forAddress("127.0.0.1", machine.port()).maxInboundMessageSize(64 << 20);
        if (!machine.secured()) {
            ManagedChannel wire = builder.usePlaintext().build();
            return new DirectMachine(wire, wire);
        }
        ManagedChannel wire = secured(builder, machine);
        try {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + Tokens.token(wire, MachineUnderTest.KEY_ID, MachineUnderTest.KEY));
            return new DirectMachine(
                    wire, ClientInterceptors.intercept(wire, MetadataUtils.newAttachHeadersInterceptor(headers)));
        } catch (StatusRuntimeException e) {
            wire.shutdownNow();
            throw e;
        }
    }

    private static ManagedChannel secured(NettyChannelBuilder builder, MachineUnderTest machine) {
        try {
            return builder.sslContext(GrpcSslContexts.forClient()
                            .trustManager(
                                    new ByteArrayInputStream(machine.caPem().getBytes(StandardCharsets.US_ASCII)))
                            .build())
                    .overrideAuthority(machine.serverName())
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the machine can be asked, in its own words. */
    Descriptions descriptions() {
        return descriptions;
    }

    /** Calls a unary method with that request. */
    Said call(MethodDescriptor method, Message request) {
        io.grpc.MethodDescriptor<Message, DynamicMessage> wired =
                io.grpc.MethodDescriptor.<Message, DynamicMessage>newBuilder()
                        .setType(MethodType.UNARY)
                        .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
                        .setRequestMarshaller(ProtoUtils.marshaller(request.getDefaultInstanceForType()))
                        .setResponseMarshaller(
                                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
                        .build();
        try {
            return new Said(
                    Status.OK,
                    json(ClientCalls.blockingUnaryCall(
                            channel, wired, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS), request)));
        } catch (StatusRuntimeException e) {
            return new Said(e.getStatus(), null);
        }
    }

    /** Calls a unary method with a request given as JSON. */
    Said call(String service, String method, String json) {
        MethodDescriptor found = descriptions.service(service).findMethodByName(method);
        DynamicMessage.Builder request = DynamicMessage.newBuilder(found.getInputType());
        try {
            JsonFormat.parser().merge(json, request);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(e);
        }
        return call(found, request.build());
    }

    private static String json(Message answer) {
        try {
            return JsonFormat.printer().alwaysPrintFieldsWithNoPresence().print(answer);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Which service speaks an API such as {@code rdk:component:motor}. */
    Map<String, String> serviceByApi() {
        return Inventory.serviceByApi(this);
    }

    boolean built() {
        return call(ROBOT, "GetMachineStatus", "{}").answer().contains("STATE_RUNNING");
    }

    void shutDown() {
        call(ROBOT, "Shutdown", "{}").answer();
    }

    @Override
    public void close() {
        wire.shutdownNow();
    }
}
