package dev.fleetgateway.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** Everything a machine tells of its services by reflection, asked for on one stream of its own. */
final class Descriptions {

    private final Channel channel;
    private final Map<String, FileDescriptorProto> files = new HashMap<>();
    private final Map<String, FileDescriptor> built = new HashMap<>();
    private final Map<String, ServiceDescriptor> services = new TreeMap<>();
    private final Set<String> gaps = new TreeSet<>();

    Descriptions(Channel channel) {
        this.channel = channel;
    }

    ServiceDescriptor service(String name) {
        learn();
        ServiceDescriptor found = services.get(name);
        if (found == null) {
            throw new AssertionError("The machine does not describe " + name);
        }
        return found;
    }

    /** All of them, by full name. */
    Map<String, ServiceDescriptor> services() {
        learn();
        return Map.copyOf(services);
    }

    /** Files that others import and the machine does not have. */
    Set<String> gaps() {
        learn();
        return Set.copyOf(gaps);
    }

    private void learn() {
        if (!services.isEmpty()) {
            return;
        }
        BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> stream =
                ClientCalls.blockingBidiStreamingCall(
                        channel,
                        ServerReflectionGrpc.getServerReflectionInfoMethod(),
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS));
        try {
            List<String> names =
                    ask(stream, request -> request.setListServices(""))
                            .getListServicesResponse()
                            .getServiceList()
                            .stream()
                            .map(ServiceResponse::getName)
                            .filter(name -> !name.startsWith("grpc."))
                            .toList();
            names.forEach(name -> keep(ask(stream, request -> request.setFileContainingSymbol(name))));
            fillGaps(stream);
            stream.halfClose();
            names.forEach(this::build);
        } finally {
            stream.cancel("all is known", null);
        }
    }

    private interface Question {
        ServerReflectionRequest.Builder put(ServerReflectionRequest.Builder request);
    }

    private static ServerReflectionResponse ask(
            BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> stream, Question question) {
        try {
            stream.write(question.put(ServerReflectionRequest.newBuilder()).build());
            ServerReflectionResponse answer = stream.read();
            if (answer == null) {
                throw new IllegalStateException("The machine ended its description");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (io.grpc.StatusException e) {
            throw e.getStatus().asRuntimeException();
        }
    }

    private void fillGaps(BlockingClientCall<ServerReflectionRequest, ServerReflectionResponse> stream) {
        while (true) {
            List<String> missing = new ArrayList<>();
            for (FileDescriptorProto file : files.values()) {
                for (String imported : file.getDependencyList()) {
                    if (!files.containsKey(imported) && !gaps.contains(imported)) {
                        missing.add(imported);
                    }
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            String name = missing.getFirst();
            ServerReflectionResponse answer = ask(stream, request -> request.setFileByFilename(name));
            if (answer.hasErrorResponse()) {
                gaps.add(name);
            } else {
                keep(answer);
            }
        }
    }

    private void keep(ServerReflectionResponse answer) {
        for (ByteString content : answer.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            try {
                FileDescriptorProto file = FileDescriptorProto.parseFrom(content);
                files.put(file.getName(), file);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void build(String service) {
        for (FileDescriptorProto file : files.values()) {
            file.getServiceList().forEach(each -> {
                if (service.equals(file.getPackage() + "." + each.getName())) {
                    services.put(service, link(file).findServiceByName(each.getName()));
                }
            });
        }
    }

    private FileDescriptor link(FileDescriptorProto file) {
        FileDescriptor done = built.get(file.getName());
        if (done != null) {
            return done;
        }
        List<FileDescriptor> imports = new ArrayList<>();
        for (String imported : file.getDependencyList()) {
            FileDescriptorProto found = files.get(imported);
            if (found != null) {
                imports.add(link(found));
            }
        }
        try {
            FileDescriptor linked = FileDescriptor.buildFrom(file, imports.toArray(FileDescriptor[]::new), true);
            built.put(file.getName(), linked);
            return linked;
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(e);
        }
    }
}
