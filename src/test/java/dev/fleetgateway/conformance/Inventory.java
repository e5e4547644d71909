package dev.fleetgateway.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a machine says that it has. */
final class Inventory {

    private static final String ROBOT = "viam.robot.v1.RobotService";

    private Inventory() {}

    /** A resource, its API being such as {@code rdk:component:motor}. */
    record Resource(String api, String name) {}

    static Map<String, String> serviceByApi(DirectMachine machine) {
        Map<String, String> services = new HashMap<>();
        read(machine, "ResourceRPCSubtypes")
                .get("resourceRpcSubtypes")
                .forEach(each -> services.put(
                        api(each.get("subtype")), each.get("protoService").asString()));
        return services;
    }

    static List<Resource> resources(DirectMachine machine) {
        List<Resource> resources = new ArrayList<>();
        read(machine, "ResourceNames")
                .get("resources")
                .forEach(each ->
                        resources.add(new Resource(api(each), each.get("name").asString())));
        resources.sort(Comparator.comparing(Resource::api).thenComparing(Resource::name));
        return resources;
    }

    /** The resources with their states, such as {@code STATE_READY}; without those that are the machine's inner workings. */
    static Map<Resource, String> states(DirectMachine machine) {
        Map<Resource, String> states = new HashMap<>();
        for (JsonNode each : read(machine, "GetMachineStatus").get("resources")) {
            Resource resource = new Resource(
                    api(each.get("name")), each.get("name").get("name").asString());
            if (!resource.api.startsWith("rdk-internal:")) {
                states.put(resource, each.get("state").asString());
            }
        }
        return states;
    }

    static JsonNode read(DirectMachine machine, String method) {
        return JsonMapper.shared().readTree(machine.call(ROBOT, method, "{}").answer());
    }

    private static String api(JsonNode name) {
        return "%s:%s:%s"
                .formatted(
                        name.get("namespace").asString(),
                        name.get("type").asString(),
                        name.get("subtype").asString());
    }
}
