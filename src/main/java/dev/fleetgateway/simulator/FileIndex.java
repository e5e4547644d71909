package dev.fleetgateway.simulator;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.reflection.v1.ErrorResponse;
import io.grpc.reflection.v1.ExtensionNumberResponse;
import io.grpc.reflection.v1.ExtensionRequest;
import io.grpc.reflection.v1.FileDescriptorResponse;
import io.grpc.reflection.v1.ListServiceResponse;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the fleet's machines tell of themselves by reflection: one copy of every file for all of them. */
final class FileIndex {

    /** A file that one of the served files imports and that no machine serves. */
    static final String MISSING = "tagger/v1/tagger.proto";

    private static final String IMPORTS_MISSING = "app/v1/robot.proto";
    private static final String AUTH_SERVICE = "proto.rpc.v1.AuthService";

    private final Map<String, Served> files = new HashMap<>();
    private final Map<String, String> fileOf = new HashMap<>();
    private final Map<String, Map<Integer, String>> extensions = new HashMap<>();
    private final Set<String> services = new TreeSet<>();

    /** A file as it goes out, and the names of those it imports. */
    private record Served(ByteString bytes, List<String> imports) {}

    /** Takes in the files with all they import. The services are those of the given files only. */
    FileIndex(Collection<FileDescriptor> roots) {
        for (FileDescriptor root : roots) {
            root.getServices().forEach(service -> services.add(service.getFullName()));
            add(root);
        }
    }

    /** The answer to one request of a stream that has already sent some files. */
    ServerReflectionResponse answer(ServerReflectionRequest request, Set<String> sent, boolean withAuthentication) {
        ServerReflectionResponse.Builder answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case FILE_BY_FILENAME -> file(answer, request.getFileByFilename(), sent);
            case FILE_CONTAINING_SYMBOL -> file(answer, fileOf.get(request.getFileContainingSymbol()), sent);
            case FILE_CONTAINING_EXTENSION -> file(answer, fileOf(request.getFileContainingExtension()), sent);
            case ALL_EXTENSION_NUMBERS_OF_TYPE -> numbers(answer, request.getAllExtensionNumbersOfType());
            case LIST_SERVICES -> answer.setListServicesResponse(list(withAuthentication));
            case MESSAGEREQUEST_NOT_SET -> notFound(answer);
        }
        return answer.build();
    }

    private void file(ServerReflectionResponse.Builder answer, @Nullable String name, Set<String> sent) {
        if (name == null || !files.containsKey(name)) {
            notFound(answer);
            return;
        }
        FileDescriptorResponse.Builder found = FileDescriptorResponse.newBuilder();
        ArrayDeque<String> queue = new ArrayDeque<>(List.of(name));
        while (!queue.isEmpty()) {
            String next = queue.remove();
            Served file = files.get(next);
            if (file == null) {
                continue;
            }
            // The file asked for goes out each time; those it imports only once in a stream.
            boolean first = sent.add(next);
            if (first || found.getFileDescriptorProtoCount() == 0) {
                found.addFileDescriptorProto(file.bytes());
                queue.addAll(file.imports());
            }
        }
        answer.setFileDescriptorResponse(found);
    }

    private void numbers(ServerReflectionResponse.Builder answer, String type) {
        Map<Integer, String> known = extensions.get(type);
        if (known == null && !fileOf.containsKey(type)) {
            notFound(answer);
            return;
        }
        answer.setAllExtensionNumbersResponse(ExtensionNumberResponse.newBuilder()
                .setBaseTypeName(type)
                .addAllExtensionNumber(known == null ? List.of() : known.keySet()));
    }

    private ListServiceResponse list(boolean withAuthentication) {
        ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
        for (String service : services) {
            if (withAuthentication || !service.equals(AUTH_SERVICE)) {
                list.addService(ServiceResponse.newBuilder().setName(service));
            }
        }
        return list.build();
    }

    private static void notFound(ServerReflectionResponse.Builder answer) {
        answer.setErrorResponse(ErrorResponse.newBuilder()
                .setErrorCode(Status.Code.NOT_FOUND.value())
                .setErrorMessage("proto: not found"));
    }

    private @Nullable String fileOf(ExtensionRequest request) {
        return extensions.getOrDefault(request.getContainingType(), Map.of()).get(request.getExtensionNumber());
    }

    private void add(FileDescriptor file) {
        String name = served(file.getName());
        if (files.containsKey(name)) {
            return;
        }
        FileDescriptorProto.Builder proto = file.toProto().toBuilder().setName(name);
        for (int i = 0; i < proto.getDependencyCount(); i++) {
            proto.setDependency(i, served(proto.getDependency(i)));
        }
        if (name.equals(IMPORTS_MISSING)) {
            // A real machine's files are not complete either, and whoever reads them must get along with that.
            proto.addDependency(MISSING);
        }
        files.put(name, new Served(proto.build().toByteString(), new ArrayList<>(proto.getDependencyList())));
        file.getMessageTypes().forEach(type -> symbols(type, name));
        file.getEnumTypes().forEach(type -> symbols(type, name));
        file.getServices().forEach(service -> symbols(service, name));
        for (FieldDescriptor extension : file.getExtensions()) {
            fileOf.put(extension.getFullName(), name);
            extensions
                    .computeIfAbsent(extension.getContainingType().getFullName(), _ -> new TreeMap<>())
                    .put(extension.getNumber(), name);
        }
        file.getDependencies().forEach(this::add);
    }

    // Real machines name their files without the first folder.
    private static String served(String name) {
        return name.startsWith("viam/") ? name.substring("viam/".length()) : name;
    }

    private void symbols(Descriptor type, String file) {
        fileOf.put(type.getFullName(), file);
        type.getFields().forEach(field -> fileOf.put(field.getFullName(), file));
        type.getNestedTypes().forEach(nested -> symbols(nested, file));
        type.getEnumTypes().forEach(nested -> symbols(nested, file));
    }

    private void symbols(EnumDescriptor type, String file) {
        fileOf.put(type.getFullName(), file);
        type.getValues().forEach(value -> fileOf.put(value.getFullName(), file));
    }

    private void symbols(ServiceDescriptor service, String file) {
        fileOf.put(service.getFullName(), file);
        service.getMethods().forEach(method -> fileOf.put(method.getFullName(), file));
    }
}
