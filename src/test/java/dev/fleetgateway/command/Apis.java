package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import viam.component.motor.v1.MotorServiceGrpc;
import viam.component.sensor.v1.SensorServiceGrpc;

/** Descriptors as a machine would send them. */
final class Apis {

    private Apis() {}

    static MethodApi motor(String method) {
        return method(MotorServiceGrpc.getServiceDescriptor(), method);
    }

    static MethodApi sensor(String method) {
        return method(SensorServiceGrpc.getServiceDescriptor(), method);
    }

    private static MethodApi method(io.grpc.ServiceDescriptor service, String method) {
        ServiceDescriptor descriptor = descriptor(service);
        ServiceApi api = new DescriptorPool(Set.of()).service(descriptor.getFullName(), files(descriptor.getFile()));
        if (api == null) {
            throw new AssertionError("no " + descriptor.getFullName());
        }
        return api.method(method).orElseThrow();
    }

    static ServiceDescriptor descriptor(io.grpc.ServiceDescriptor service) {
        return ((ProtoServiceDescriptorSupplier) Objects.requireNonNull(service.getSchemaDescriptor()))
                .getServiceDescriptor();
    }

    /** The file and all it imports, last first, as bytes. */
    static List<ByteString> files(FileDescriptor file) {
        Set<FileDescriptor> all = new LinkedHashSet<>();
        collect(file, all);
        List<ByteString> bytes = new ArrayList<>();
        all.forEach(each -> bytes.add(each.toProto().toByteString()));
        return bytes;
    }

    private static void collect(FileDescriptor file, Set<FileDescriptor> all) {
        if (all.add(file)) {
            file.getDependencies().forEach(each -> collect(each, all));
        }
    }
}
