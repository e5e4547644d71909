package dev.fleetgateway.door;

import com.google.protobuf.ByteString;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The query parameters of a GET as the fields of a request: {@code a.b=1} is a field of a field, a repeated parameter a
 * repeated field. Values stay text, which proto3 JSON reads as the number or word it is meant to be.
 */
final class QueryJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private QueryJson() {}

    static ByteString of(HttpServletRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> put(fields, name, name, values));
        return fields.isEmpty() ? ByteString.EMPTY : ByteString.copyFrom(JSON.writeValueAsBytes(fields));
    }

    private static void put(Map<String, Object> fields, String whole, String name, String[] values) {
        int dot = name.indexOf('.');
        Object before;
        if (dot < 0) {
            before = fields.put(name, values.length == 1 ? values[0] : List.of(values));
        } else {
            String first = name.substring(0, dot);
            before = fields.computeIfAbsent(first, _ -> new LinkedHashMap<String, Object>());
            if (before instanceof Map<?, ?> inner) {
                @SuppressWarnings("unchecked")
                Map<String, Object> nested = (Map<String, Object>) inner;
                put(nested, whole, name.substring(dot + 1), values);
                return;
            }
        }
        if (before != null) {
            throw new ProblemException(
                    Problem.invalid(whole, "The query parameter " + whole + " is both a field and a part of one."));
        }
    }
}
