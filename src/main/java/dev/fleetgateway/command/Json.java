package dev.fleetgateway.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.Problem;
import dev.fleetgateway.problem.ProblemException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Between proto3 JSON and messages. Stricter on the way in than the library: text that is not JSON, a member named twice, and
 * numbers that are not finite are refused, since the machine would take them.
 */
final class Json {

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final ByteString EMPTY = ByteString.copyFromUtf8("{}");

    private Json() {}

    /** The request of a call. Throws a problem that names what is wrong. */
    static DynamicMessage read(MethodApi method, ByteString json) {
        DynamicMessage.Builder builder = DynamicMessage.newBuilder(method.input());
        if (!json.isEmpty() && !json.equals(EMPTY)) {
            checkSyntax(json);
            try {
                JsonFormat.parser().usingTypeRegistry(method.types()).merge(json.toStringUtf8(), builder);
            } catch (InvalidProtocolBufferException e) {
                throw invalid(field(e.getMessage()), method.name() + ": " + e.getMessage());
            }
        }
        DynamicMessage message = builder.build();
        checkFinite(message);
        return message;
    }

    /** The response as proto3 JSON, fields at their default included. */
    static ByteString write(MethodApi method, DynamicMessage message) throws InvalidProtocolBufferException {
        return ByteString.copyFromUtf8(JsonFormat.printer()
                .usingTypeRegistry(method.types())
                .alwaysPrintFieldsWithNoPresence()
                .omittingInsignificantWhitespace()
                .print(message));
    }

    /** Bad input, before anything was sent. */
    static ProblemException invalid(String field, String detail) {
        return new ProblemException(Problem.invalid(field, detail).outcome(Outcome.NOT_SENT));
    }

    private static void checkSyntax(ByteString json) {
        // From an array: a stream would take a buffer of 8 kB for every small request.
        try (JsonParser parser = STRICT.createParser(ObjectReadContext.empty(), json.toByteArray())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("body", "The request must be a JSON object.");
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw invalid("body", "There is something after the end of the JSON object.");
            }
        } catch (JacksonException e) {
            throw invalid("body", "The request is not valid JSON: " + said(e) + place(e));
        }
    }

    /** The parser's words without its remark on where it keeps the source. */
    private static String said(JacksonException e) {
        return e.getOriginalMessage().replaceAll(" \\(start marker at \\[.*]\\)", "");
    }

    private static String place(JacksonException e) {
        var location = e.getLocation();
        return location == null ? "." : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ").";
    }

    /** The name of the field the library complains about, where its words have one. */
    private static String field(@Nullable String message) {
        if (message != null) {
            var matcher = FIELD.matcher(message);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "body";
    }

    private static final Pattern FIELD = Pattern.compile("(?:Cannot find field: |[Ff]ield '?)([A-Za-z0-9_.]+)");

    private static void checkFinite(Message message) {
        NotFinite found = notFinite(message);
        if (found != null) {
            throw invalid(
                    found.path, found.path + " is " + found.number + ": only finite numbers are sent to a machine.");
        }
    }

    private record NotFinite(String path, Number number) {}

    // The path is put together on the way out, so that a request without fault costs no text.
    private static @Nullable NotFinite notFinite(Message message) {
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            NotFinite found = null;
            if (entry.getValue() instanceof List<?> values) {
                for (int i = 0; i < values.size() && found == null; i++) {
                    found = notFinite(values.get(i));
                }
            } else {
                found = notFinite(entry.getValue());
            }
            if (found != null) {
                String here = entry.getKey().getJsonName();
                return new NotFinite(found.path.isEmpty() ? here : here + "." + found.path, found.number);
            }
        }
        return null;
    }

    private static @Nullable NotFinite notFinite(Object value) {
        return switch (value) {
            case Double number when !Double.isFinite(number) -> new NotFinite("", number);
            case Float number when !Float.isFinite(number) -> new NotFinite("", number);
            case Message message -> notFinite(message);
            default -> null;
        };
    }
}
