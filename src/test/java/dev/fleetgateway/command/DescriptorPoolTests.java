package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import viam.component.motor.v1.MotorServiceGrpc;

class DescriptorPoolTests {

    private final ServiceDescriptor motor = Apis.descriptor(MotorServiceGrpc.getServiceDescriptor());
    private final DescriptorPool pool = new DescriptorPool(Set.of());

    @Test
    void equalMachinesShareOneCopy() {
        ServiceApi one = pool.service(motor.getFullName(), Apis.files(motor.getFile()));
        List<ByteString> otherOrder = new ArrayList<>(Apis.files(motor.getFile()));
        Collections.reverse(otherOrder);
        assertThat(pool.service(motor.getFullName(), otherOrder)).isSameAs(one);
    }

    @Test
    void otherContentIsAnotherApi() {
        ServiceApi one = pool.service(motor.getFullName(), Apis.files(motor.getFile()));
        List<ByteString> changed = new ArrayList<>(Apis.files(motor.getFile()));
        changed.set(
                0,
                motor.getFile().toProto().toBuilder()
                        .addMessageType(com.google.protobuf.DescriptorProtos.DescriptorProto.newBuilder()
                                .setName("New"))
                        .build()
                        .toByteString());
        assertThat(pool.service(motor.getFullName(), changed)).isNotNull().isNotSameAs(one);
    }

    @Test
    void anImportThatIsNotServedIsDoneWithout() {
        List<ByteString> withHole = new ArrayList<>(Apis.files(motor.getFile()));
        withHole.set(
                0,
                motor.getFile().toProto().toBuilder()
                        .addDependency("tagger/v1/tagger.proto")
                        .build()
                        .toByteString());
        assertThat(pool.service(motor.getFullName(), withHole)).isNotNull();
    }

    @Test
    void aServiceThatNoFileHasIsNull() {
        assertThat(pool.service("acme.v1.GizmoService", Apis.files(motor.getFile())))
                .isNull();
    }
}
