package dev.fleetgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.fleetgateway.time.FakeTime;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedReflectionTest {

    private static final String V1 = "grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    private static final String V1_ALPHA = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
    private static final String MOTOR = "viam.component.motor.v1.MotorService";

    private final SimulatedFleet fleet = SimulatedFleet.start(new FakeTime(), MachineSpec.named("rover"));
    private final Caller caller = Caller.of(fleet.machine("rover").orElseThrow());

    @AfterEach
    void close() {
        caller.close();
        fleet.close();
    }

    @Test
    void listsItsServicesWithoutAuthenticationOnAnOpenMachine() {
        var answer = ask(V1, request().setListServices("").build()).getFirst();
        assertThat(answer.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(MOTOR, "viam.robot.v1.RobotService", "grpc.reflection.v1.ServerReflection")
                .doesNotContain("proto.rpc.v1.AuthService")
                .isSorted();
    }

    @Test
    void aServiceComesWithAllItsFilesUnderTheNamesOfARealMachine() throws Exception {
        var answer = ask(V1, symbol(MOTOR)).getFirst();
        List<FileDescriptorProto> files = files(answer);
        Set<String> names = new HashSet<>();
        files.forEach(file -> names.add(file.getName()));
        assertThat(files.getFirst().getName()).isEqualTo("component/motor/v1/motor.proto");
        assertThat(names).contains("common/v1/common.proto", "google/api/annotations.proto");
        assertThat(files).allSatisfy(file -> assertThat(names).containsAll(file.getDependencyList()));
    }

    @Test
    void aStreamDoesNotRepeatWhatTheFirstAnswerImported() throws Exception {
        var answers = ask(V1, symbol(MOTOR), symbol("viam.component.base.v1.BaseService.Stop"));
        assertThat(files(answers.get(1)))
                .extracting(FileDescriptorProto::getName)
                .containsExactly("component/base/v1/base.proto");
    }

    @Test
    void theFilesOfDiscoveryAreNotComplete() throws Exception {
        var answer =
                ask(V1, symbol("viam.service.discovery.v1.DiscoveryService")).getFirst();
        assertThat(files(answer))
                .anySatisfy(file -> assertThat(file.getDependencyList()).contains(FileIndex.MISSING))
                .noneSatisfy(file -> assertThat(file.getName()).isEqualTo(FileIndex.MISSING));
        var missing =
                ask(V1, request().setFileByFilename(FileIndex.MISSING).build()).getFirst();
        assertThat(missing.getErrorResponse().getErrorCode()).isEqualTo(5);
    }

    @Test
    void anUnknownSymbolIsNotFoundAndTheStreamGoesOn() {
        var answers = ask(V1, symbol("viam.Nothing"), symbol(MOTOR));
        assertThat(answers.getFirst().getErrorResponse().getErrorCode()).isEqualTo(5);
        assertThat(answers.getFirst().getErrorResponse().getErrorMessage()).isEqualTo("proto: not found");
        assertThat(answers.get(1).hasFileDescriptorResponse()).isTrue();
    }

    @Test
    void extensionsAreFoundByTheirNumber() throws Exception {
        var answer = ask(
                        V1,
                        request()
                                .setFileContainingExtension(ExtensionRequest.newBuilder()
                                        .setContainingType("google.protobuf.MethodOptions")
                                        .setExtensionNumber(84260))
                                .build())
                .getFirst();
        assertThat(files(answer).getFirst().getName()).isEqualTo("common/v1/common.proto");
    }

    @Test
    void bothVersionsAnswerAlikeButOnlyTheFirstIsAnOperation() {
        var first = start(V1);
        var alpha = start(V1_ALPHA);
        for (var stream : List.of(first, alpha)) {
            stream.wire().sendMessage(symbol(MOTOR));
            await().until(() -> stream.messages().size() == 2);
            stream.wire().halfClose();
        }
        assertThat(first.done().join().opid()).isNotNull();
        assertThat(alpha.done().join().opid()).isNull();
        assertThat(alpha.messages().get(1)).isEqualTo(first.messages().get(1));
    }

    private Caller.Running<ServerReflectionResponse> start(String path) {
        return caller.start(
                path,
                MethodType.BIDI_STREAMING,
                request().setListServices("").build(),
                ServerReflectionResponse.getDefaultInstance());
    }

    private List<ServerReflectionResponse> ask(String path, ServerReflectionRequest... requests) {
        var stream = caller.start(
                path, MethodType.BIDI_STREAMING, requests[0], ServerReflectionResponse.getDefaultInstance());
        for (int i = 1; i < requests.length; i++) {
            stream.wire().sendMessage(requests[i]);
        }
        stream.wire().halfClose();
        var reply = stream.done().join();
        assertThat(reply.status().isOk()).isTrue();
        assertThat(reply.messages()).hasSize(requests.length);
        return reply.messages();
    }

    private static ServerReflectionRequest symbol(String name) {
        return request().setFileContainingSymbol(name).build();
    }

    private static ServerReflectionRequest.Builder request() {
        return ServerReflectionRequest.newBuilder().setHost("host");
    }

    private static List<FileDescriptorProto> files(ServerReflectionResponse answer)
            throws InvalidProtocolBufferException {
        List<FileDescriptorProto> files = new ArrayList<>();
        for (ByteString bytes : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            files.add(FileDescriptorProto.parseFrom(bytes));
        }
        return files;
    }
}
