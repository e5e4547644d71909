package dev.fleetgateway.command;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.api.AnnotationsProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import viam.common.v1.Common;

/**
 * Descriptors by content: a file with the same bytes and the same imports is built once, so that a thousand equal machines cost
 * one copy. Bounded; what falls out is built again when it is next needed.
 */
final class DescriptorPool {

    private static final int MOST_FILES = 5_000;
    private static final int MOST_SERVICES = 2_000;

    private static final ExtensionRegistry EXTENSIONS = extensions();

    private final Cache<FileKey, FileDescriptor> files =
            Caffeine.newBuilder().maximumSize(MOST_FILES).build();
    private final Cache<ServiceDescriptor, ServiceApi> services =
            Caffeine.newBuilder().maximumSize(MOST_SERVICES).build();
    private final Set<String> reads;

    /** Imports are compared by identity, which stands for their content since they come from here too. */
    private record FileKey(ByteString content, List<FileDescriptor> imports) {}

    DescriptorPool(Set<String> reads) {
        this.reads = Set.copyOf(reads);
    }

    /**
     * The service as these files describe it.
     *
     * @param contents serialised file descriptors, in any order; imports that are missing are left out, since a machine does not
     *     serve them all (seen live)
     * @return null where no file has it
     * @throws IllegalArgumentException where the files make no sense
     */
    @Nullable
    ServiceApi service(String name, List<ByteString> contents) {
        Map<String, Parsed> byName = new HashMap<>();
        for (ByteString content : contents) {
            FileDescriptorProto proto = parse(content);
            byName.put(proto.getName(), new Parsed(content, proto));
        }
        Map<String, FileDescriptor> built = new HashMap<>();
        for (Parsed file : byName.values()) {
            String prefix = file.proto.getPackage().isEmpty() ? "" : file.proto.getPackage() + ".";
            boolean has =
                    file.proto.getServiceList().stream().anyMatch(service -> name.equals(prefix + service.getName()));
            if (has) {
                FileDescriptor descriptor = build(file, byName, built, new HashSet<>());
                ServiceDescriptor service = descriptor.findServiceByName(name.substring(prefix.length()));
                return services.get(service, key -> ServiceApi.of(key, reads));
            }
        }
        return null;
    }

    /** How many distinct files are held. */
    long size() {
        return files.estimatedSize();
    }

    static FileDescriptorProto parse(ByteString content) {
        try {
            return FileDescriptorProto.parseFrom(content, EXTENSIONS);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("not a file descriptor: " + e.getMessage(), e);
        }
    }

    private record Parsed(ByteString content, FileDescriptorProto proto) {}

    private FileDescriptor build(
            Parsed file, Map<String, Parsed> all, Map<String, FileDescriptor> built, Set<String> under) {
        FileDescriptor done = built.get(file.proto.getName());
        if (done != null) {
            return done;
        }
        if (!under.add(file.proto.getName())) {
            throw new IllegalArgumentException("the files import each other in a circle: " + file.proto.getName());
        }
        List<FileDescriptor> imports = new ArrayList<>();
        for (String dependency : file.proto.getDependencyList()) {
            Parsed found = all.get(dependency);
            if (found != null) {
                imports.add(build(found, all, built, under));
            }
        }
        FileDescriptor descriptor =
                files.get(new FileKey(file.content, imports), key -> link(file.proto, key.imports()));
        built.put(file.proto.getName(), descriptor);
        return descriptor;
    }

    private static FileDescriptor link(FileDescriptorProto proto, List<FileDescriptor> imports) {
        try {
            return FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new), true);
        } catch (DescriptorValidationException e) {
            throw new IllegalArgumentException(proto.getName() + " makes no sense: " + e.getMessage(), e);
        }
    }

    private static ExtensionRegistry extensions() {
        ExtensionRegistry registry = ExtensionRegistry.newInstance();
        Common.registerAllExtensions(registry);
        AnnotationsProto.registerAllExtensions(registry);
        return registry;
    }
}
