package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import dev.fleetgateway.problem.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The modular APIs described in the settings: what no machine can describe by reflection. Read once, at the start. */
final class ModularDescriptors {

    private final Map<String, ServiceApi> services = new HashMap<>();

    ModularDescriptors(List<Path> files, DescriptorPool pool) {
        for (int i = 0; i < files.size(); i++) {
            String key = "gateway.call.descriptors[" + i + "]";
            try {
                add(FileDescriptorSet.parseFrom(Files.readAllBytes(files.get(i))), pool);
            } catch (IOException | IllegalArgumentException e) {
                throw new SettingsException(
                        key,
                        "is " + files.get(i) + ", which cannot be used: " + e.getMessage(),
                        "Make it with protoc --include_imports --descriptor_set_out.");
            }
        }
    }

    private void add(FileDescriptorSet set, DescriptorPool pool) {
        List<ByteString> contents = set.getFileList().stream()
                .map(FileDescriptorProto::toByteString)
                .toList();
        for (FileDescriptorProto file : set.getFileList()) {
            for (ServiceDescriptorProto service : file.getServiceList()) {
                String name =
                        file.getPackage().isEmpty() ? service.getName() : file.getPackage() + "." + service.getName();
                ServiceApi api = pool.service(name, contents);
                if (api != null) {
                    services.put(name, api);
                }
            }
        }
    }

    @Nullable
    ServiceApi service(String name) {
        return services.get(name);
    }
}
