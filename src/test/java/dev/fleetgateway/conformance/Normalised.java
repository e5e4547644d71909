package dev.fleetgateway.conformance;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is different in two answers to the same question though nothing is wrong. Each is named, with its reason; nothing else
 * is excused.
 */
final class Normalised {

    private static final Set<String> GATEWAYS_OWN = Set.of(
            "/viam.robot.v1.RobotService/GetMachineStatus",
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo");

    private static final Map<String, UnaryOperator<JsonNode>> RULES = Map.of(
            // A machine lists them in another order each time.
            "viam.robot.v1.RobotService/ResourceNames", answer -> sorted(answer, "resources"),
            "viam.robot.v1.RobotService/ResourceRPCSubtypes", answer -> sorted(answer, "resourceRpcSubtypes"),
            "viam.robot.v1.RobotService/GetMachineStatus", answer -> sorted(answer, "resources"),
            // The gateway's own questions, its polls and its asking for descriptions, are operations while they last.
            "viam.robot.v1.RobotService/GetOperations", Normalised::withoutTheGatewaysOwn,
            // The picture is taken when it is asked for.
            "viam.component.camera.v1.CameraService/GetImages", Normalised::timeless);

    private Normalised() {}

    static JsonNode answer(String method, String json) {
        JsonNode answer = JsonMapper.shared().readTree(json);
        return RULES.getOrDefault(method, same -> same).apply(answer);
    }

    private static JsonNode sorted(JsonNode answer, String member) {
        ArrayNode sorted = JsonMapper.shared().createArrayNode();
        answer.get(member)
                .valueStream()
                .sorted(Comparator.comparing(JsonNode::toString))
                .forEach(sorted::add);
        return ((ObjectNode) answer.deepCopy()).set(member, sorted);
    }

    private static JsonNode withoutTheGatewaysOwn(JsonNode answer) {
        JsonNode copy = answer.deepCopy();
        if (copy.get("operations") instanceof ArrayNode operations) {
            operations.removeIf(each -> GATEWAYS_OWN.contains(each.get("method").asString()));
        }
        return copy;
    }

    private static JsonNode timeless(JsonNode answer) {
        JsonNode copy = answer.deepCopy();
        if (copy.get("responseMetadata") instanceof ObjectNode metadata && metadata.has("capturedAt")) {
            metadata.put("capturedAt", "then");
        }
        return copy;
    }

    /** Where two answers differ first; empty where they are equal. */
    static String difference(JsonNode one, JsonNode other, String path) {
        if (one.isObject() && other.isObject() && names(one).equals(names(other))) {
            return names(one).stream()
                    .map(name -> difference(one.get(name), other.get(name), path + "." + name))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        if (one.isArray() && other.isArray() && one.size() == other.size()) {
            return IntStream.range(0, one.size())
                    .mapToObj(i -> difference(one.get(i), other.get(i), path + "[" + i + "]"))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        return one.equals(other) ? "" : "%s: %.80s, not %.80s".formatted(path, one, other);
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }
}
