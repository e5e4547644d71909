package dev.fleetgateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import dev.fleetgateway.problem.Outcome;
import dev.fleetgateway.problem.ProblemCode;
import dev.fleetgateway.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTests {

    private static final MethodApi SET_POWER = Apis.motor("SetPower");

    private static DynamicMessage read(String json) {
        return Json.read(SET_POWER, ByteString.copyFromUtf8(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{                                      | body",
                "[]                                     | body",
                "{\"powerPct\": 0.5} {}                 | body",
                "{powerPct: 0.5}                        | body",
                "{\"powerPct\": 0.5, \"powerPct\": 1}   | body",
                "{\"powerPct\": NaN}                    | body",
                "{\"powerPct\": 'x'}                    | body",
                "{\"powerPct\": 0.5,}                   | body",
                "{\"powerPct\": \"NaN\"}                | powerPct",
                "{\"powerPct\": \"-Infinity\"}          | powerPct",
                "{\"extra\": {\"a\": [1, {\"b\": 1e999}]}} | ",
                "{\"wheel\": 1}                         | wheel",
            })
    void whatIsNotAGoodRequestIsRefusedBeforeAnythingIsSent(String json, String field) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> read(json))
                .satisfies(e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.REQUEST_INVALID);
                    assertThat(e.problem().outcome()).isEqualTo(Outcome.NOT_SENT);
                    if (field != null) {
                        assertThat(e.problem().more()).containsEntry("field", field);
                    }
                });
    }

    @Test
    void aWrongTypeIsRefused() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("{\"powerPct\": \"fast\"}"));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("{\"powerPct\": {}}"));
    }

    @Test
    void deepNestingIsRefusedAndNotAnOverflow() {
        String deep = "{\"extra\":" + "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_001);
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read(deep));
    }

    @Test
    void noBodyMeansNoFields() {
        assertThat(Json.read(SET_POWER, ByteString.EMPTY).getAllFields()).isEmpty();
        assertThat(read(" { } ").getAllFields()).isEmpty();
    }

    @Test
    void fieldsAtTheirDefaultAreWritten() throws Exception {
        MethodApi isMoving = Apis.motor("IsMoving");
        DynamicMessage still = DynamicMessage.parseFrom(
                isMoving.grpc()
                        .getResponseMarshaller()
                        .parse(ByteString.EMPTY.newInput())
                        .getDescriptorForType(),
                ByteString.EMPTY);
        assertThat(Json.write(isMoving, still).toStringUtf8()).isEqualTo("{\"isMoving\":false}");
    }
}
