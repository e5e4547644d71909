package dev.fleetgateway.command;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.util.JsonFormat.TypeRegistry;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One service and its methods. Immutable, shared by every machine that describes it in the same words. */
final class ServiceApi {

    private final String name;
    private final Map<String, MethodApi> methods;

    private ServiceApi(String name, Map<String, MethodApi> methods) {
        this.name = name;
        this.methods = Collections.unmodifiableMap(methods);
    }

    static ServiceApi of(ServiceDescriptor service, Set<String> reads) {
        TypeRegistry.Builder types = TypeRegistry.newBuilder();
        addTypes(service.getFile(), types, new HashSet<>());
        TypeRegistry registry = types.build();
        Map<String, MethodApi> methods = new LinkedHashMap<>();
        for (MethodDescriptor method : service.getMethods()) {
            methods.put(method.getName(), MethodApi.of(method, reads, registry));
        }
        return new ServiceApi(service.getFullName(), methods);
    }

    private static void addTypes(FileDescriptor file, TypeRegistry.Builder types, Set<String> seen) {
        if (seen.add(file.getFullName())) {
            types.add(file.getMessageTypes());
            file.getDependencies().forEach(dependency -> addTypes(dependency, types, seen));
        }
    }

    String name() {
        return name;
    }

    Optional<MethodApi> method(String name) {
        return Optional.ofNullable(methods.get(name));
    }

    Collection<MethodApi> methods() {
        return methods.values();
    }
}
