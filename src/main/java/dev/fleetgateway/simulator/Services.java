package dev.fleetgateway.simulator;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.reflection.v1.ServerReflectionRequest;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import proto.rpc.v1.AuthenticateRequest;
import proto.rpc.v1.AuthenticateResponse;
import viam.service.discovery.v1.DiscoverResourcesRequest;

/** All services of a simulated machine, put together once for the whole fleet. */
final class Services {

    private static final List<Api<?>> APIS = List.of(
            RobotApi.api(),
            MotorApi.api(),
            BaseApi.api(),
            ArmApi.api(),
            BoardApi.api(),
            SensorApis.sensor(),
            SensorApis.movementSensor(),
            SensorApis.camera(),
            SensorApis.encoder(),
            PlainApis.generic(),
            PlainApis.dataManager(),
            PlainApis.discovery(),
            NavigationApi.api(),
            MotionApi.api(),
            FixtureApis.gantry(),
            FixtureApis.gripper(),
            FixtureApis.servo(),
            FixtureApis.button(),
            FixtureApis.selector(),
            SignalingApi.api(Life::signaler, call -> Signaler.hosts(call.headers())));

    private static final Map<String, Method> METHODS = methodsByPath();
    private static final Map<String, String> SERVICE_BY_API = servicesByApi();
    private static final FileIndex FILES = index();

    private Services() {}

    /** The method of that path; one that refuses everything, if there is none. */
    static Method method(String path) {
        Method method = METHODS.get(path);
        return method == null ? Method.unknown(path) : method;
    }

    /** The full name of the service that speaks an API. */
    static String serviceOf(String api) {
        return SERVICE_BY_API.getOrDefault(api, "");
    }

    static FileIndex files() {
        return FILES;
    }

    /** A token for credentials. */
    static Message authenticate(Life life, Message request, Metadata headers) {
        return AuthenticateResponse.newBuilder()
                .setAccessToken(life.tokens().authenticate((AuthenticateRequest) request, headers))
                .build();
    }

    private static Map<String, Method> methodsByPath() {
        Map<String, Method> methods = new HashMap<>();
        for (Api<?> api : APIS) {
            api.methods().forEach(method -> methods.put(method.path(), method));
        }
        special(
                methods,
                "proto.rpc.v1.AuthService/Authenticate",
                Method.Kind.AUTHENTICATE,
                AuthenticateRequest.getDefaultInstance());
        // The messages of both versions are the same on the wire.
        special(
                methods,
                "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                Method.Kind.REFLECTION_V1,
                ServerReflectionRequest.getDefaultInstance());
        special(
                methods,
                "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                Method.Kind.REFLECTION_V1ALPHA,
                ServerReflectionRequest.getDefaultInstance());
        return Map.copyOf(methods);
    }

    private static void special(Map<String, Method> methods, String path, Method.Kind kind, Message request) {
        MethodType type = kind == Method.Kind.AUTHENTICATE ? MethodType.UNARY : MethodType.BIDI_STREAMING;
        methods.put(path, new Method(path, "", kind, false, null, "", null, Method.wire(path, type, request)));
    }

    private static Map<String, String> servicesByApi() {
        Map<String, String> services = new HashMap<>();
        // The machine itself has two, of which the first is the one that is meant.
        APIS.forEach(api -> services.putIfAbsent(api.name(), api.service().getFullName()));
        return Map.copyOf(services);
    }

    private static FileIndex index() {
        Map<String, FileDescriptor> files = new LinkedHashMap<>();
        APIS.forEach(api -> files.put(api.service().getFullName(), api.service().getFile()));
        for (FileDescriptor other : List.of(
                DiscoverResourcesRequest.getDescriptor().getFile(),
                AuthenticateRequest.getDescriptor().getFile(),
                ServerReflectionRequest.getDescriptor().getFile(),
                io.grpc.reflection.v1alpha.ServerReflectionRequest.getDescriptor()
                        .getFile())) {
            files.put(other.getFullName(), other);
        }
        return new FileIndex(files.values());
    }
}
