package dev.fleetgateway.simulator;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import viam.common.v1.Common;
import viam.common.v1.DoCommandRequest;
import viam.common.v1.DoCommandResponse;
import viam.common.v1.GetGeometriesRequest;
import viam.common.v1.GetGeometriesResponse;
import viam.common.v1.GetStatusRequest;
import viam.common.v1.GetStatusResponse;

/**
 * What one service does, said method by method. The same for all machines: a machine only brings the target.
 *
 * @param <T> what the methods act on
 */
final class Api<T> {

    private final String name;
    private final ServiceDescriptor service;
    private final BiFunction<Life, String, T> find;
    private final Map<String, Entry> entries = new HashMap<>();

    private Api(String name, ServiceDescriptor service, BiFunction<Life, String, T> find) {
        this.name = name;
        this.service = service;
        this.find = find;
    }

    private record Entry(Message prototype, @Nullable FieldDescriptor target, Method.Action action) {}

    /** What a method does that answers at once. */
    @FunctionalInterface
    interface Answer<T, R extends Message> {
        Message to(T target, R request);
    }

    /** What a method does that answers later, more than once, or knows its own operation. */
    @FunctionalInterface
    interface Verb<T, R extends Message> {
        void run(T target, R request, Call call);
    }

    /** The API of a kind of resource, with the methods that every resource has. */
    static <C extends Component> Api<C> of(String name, FileDescriptor file, String service, Class<C> kind) {
        Api<C> api = new Api<>(
                name, file.findServiceByName(service), (life, target) -> kind.cast(life.resource(name, target)));
        api.answer(
                DoCommandRequest.getDefaultInstance(),
                "DoCommand",
                (component, request) -> DoCommandResponse.newBuilder()
                        .setResult(component.doCommand(request.getCommand()))
                        .build());
        api.answer(
                GetStatusRequest.getDefaultInstance(),
                "GetStatus",
                (component, _) -> GetStatusResponse.newBuilder()
                        .setResult(component.status())
                        .build());
        return api;
    }

    /** Adds the method that tells a component's shape, which only some real ones implement. */
    static <C extends Component> Api<C> shaped(Api<C> api) {
        return api.answer(
                GetGeometriesRequest.getDefaultInstance(),
                "GetGeometries",
                (component, _) -> GetGeometriesResponse.newBuilder()
                        .addAllGeometries(component.geometries())
                        .build());
    }

    /** The API of the machine itself. */
    static Api<Life> ofMachine(FileDescriptor file, String service) {
        return new Api<>("", file.findServiceByName(service), (life, _) -> life);
    }

    /** Says what a method answers. */
    <R extends Message> Api<T> answer(R prototype, String method, Answer<T, R> answer) {
        return run(prototype, method, (target, request, call) -> call.answer(answer.to(target, request)));
    }

    /** Says what a method does. */
    <R extends Message> Api<T> run(R prototype, String method, Verb<T, R> verb) {
        @SuppressWarnings("unchecked")
        Class<R> type = (Class<R>) prototype.getClass();
        return act(prototype, method, (life, named, request, call) -> {
            T found = find.apply(life, named);
            call.begun(life.time().now());
            verb.run(found, type.cast(request), call);
        });
    }

    /** Adds Stop, which is answered when the resource stands: never, while its driver hangs. */
    Api<T> stop(Message prototype, Message stopped) {
        return act(prototype, "Stop", (life, named, _, call) -> {
            var _ = find.apply(life, named);
            call.begun(life.time().now());
            life.resources().stop(name + '/' + named, () -> call.answer(stopped));
        });
    }

    @FunctionalInterface
    private interface Act {
        void on(Life life, String named, Message request, Call call);
    }

    private Api<T> act(Message prototype, String method, Act act) {
        MethodDescriptor known = service.findMethodByName(method);
        if (known == null || !known.getInputType().equals(prototype.getDescriptorForType())) {
            throw new IllegalArgumentException(
                    "%s has no method %s of that request".formatted(service.getFullName(), method));
        }
        FieldDescriptor target = targetOf(known);
        Method.Action action = (life, request, call) ->
                act.on(life, target == null ? "" : (String) request.getField(target), request, call);
        entries.put(method, new Entry(prototype, target, action));
        return this;
    }

    /** All methods of the service, those too that it does not implement. */
    List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (MethodDescriptor method : service.getMethods()) {
            String path = service.getFullName() + '/' + method.getName();
            Entry entry = entries.get(method.getName());
            methods.add(new Method(
                    path,
                    name,
                    kind(method),
                    method.getOptions().getExtension(Common.safetyHeartbeatMonitored),
                    entry == null ? null : entry.target(),
                    service.getFullName(),
                    entry == null ? null : entry.action(),
                    Method.wire(path, type(method), entry == null ? Empty.getDefaultInstance() : entry.prototype())));
        }
        return methods;
    }

    String name() {
        return name;
    }

    ServiceDescriptor service() {
        return service;
    }

    private @Nullable FieldDescriptor targetOf(MethodDescriptor method) {
        if (name.isEmpty()) {
            return null;
        }
        FieldDescriptor field = method.getInputType().findFieldByName("name");
        return field == null ? method.getInputType().findFieldByName("board_name") : field;
    }

    private static Method.Kind kind(MethodDescriptor method) {
        return method.isServerStreaming() && !method.isClientStreaming()
                ? Method.Kind.SERVER_STREAM
                : Method.Kind.UNARY;
    }

    private static MethodType type(MethodDescriptor method) {
        if (method.isClientStreaming()) {
            return method.isServerStreaming() ? MethodType.BIDI_STREAMING : MethodType.CLIENT_STREAMING;
        }
        return method.isServerStreaming() ? MethodType.SERVER_STREAMING : MethodType.UNARY;
    }
}
