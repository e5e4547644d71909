package dev.fleetgateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.DynamicMessage;
import dev.fleetgateway.conformance.GatewayUnderTest.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Protection.class)
record ReadsIT(Protection protection) {

    private static MachineUnderTest machine;
    private static GatewayUnderTest gateway;

    @BeforeParameterizedClassInvocation
    static void start(Protection protection) {
        machine = MachineUnderTest.start(protection);
        gateway = GatewayUnderTest.before(machine);
        Timeline.of(gateway, GatewayUnderTest.MACHINE).awaitReady(Duration.ofSeconds(20));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        gateway.close();
        machine.close();
    }

    /** One question; {@code path} is empty after the service where it is asked on the raw way. */
    private record Question(MethodDescriptor method, DynamicMessage request, String path, String body) {

        String fullName() {
            return method.getService().getFullName() + "/" + method.getName();
        }
    }

    @Test
    void everyUnaryReadAnswersAsItDoesDirectly() {
        int answers = 0;
        Map<String, Integer> errors = new TreeMap<>();
        SoftAssertions all = new SoftAssertions();
        List<Question> questions;
        try (DirectMachine direct = machine.direct()) {
            questions = questions(direct);
            for (Question question : questions) {
                DirectMachine.Said said = direct.call(question.method, question.request);
                Answer told = gateway.call(question.path, question.body);
                if (said.status().isOk()) {
                    answers++;
                    compareAnswer(all, question, said, told);
                    if (Reads.viaGet(question.method) && question.body.equals("{}")) {
                        compareAnswer(all, question, said, gateway.get("/api/v1/machines/rover" + question.path));
                    }
                } else {
                    errors.merge(said.status().getCode().name(), 1, Integer::sum);
                    compareError(all, question, said, told);
                }
            }
        }
        System.out.printf(
                "everyUnaryReadAnswersAsItDoesDirectly: %s, %s: %d methods, %d calls, %d equal answers, %d equal errors %s%n",
                machine.what(),
                protection,
                questions.stream().map(Question::fullName).distinct().count(),
                questions.size(),
                answers,
                questions.size() - answers,
                errors);
        all.assertAll();
        assertThat(answers).isGreaterThan(30);
    }

    private static List<Question> questions(DirectMachine direct) {
        Map<String, String> apis = new TreeMap<>();
        direct.serviceByApi().forEach((api, service) -> apis.put(service, api));
        List<Inventory.Resource> resources = Inventory.resources(direct);
        List<Question> questions = new ArrayList<>();
        direct.descriptions().services().values().stream()
                .flatMap(service -> Reads.unary(service).stream())
                .forEach(method -> {
                    String api = apis.get(method.getService().getFullName());
                    FieldDescriptor name = Reads.nameField(method);
                    List<Inventory.Resource> asked = resources.stream()
                            .filter(resource -> resource.api().equals(api))
                            .toList();
                    if (asked.isEmpty() || name == null) {
                        questions.add(raw(method, name));
                    } else {
                        asked.forEach(resource -> questions.add(of(method, name, resource)));
                    }
                });
        return questions;
    }

    /** Of the machine itself, or of an API of which it has no resource: the same question, for one that is not there. */
    private static Question raw(MethodDescriptor method, FieldDescriptor name) {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
        String path = "/rpc/" + method.getService().getFullName() + "/" + method.getName();
        if (name == null) {
            return new Question(method, request.build(), path, "{}");
        }
        return new Question(
                method,
                request.setField(name, "absent").build(),
                path,
                "{\"%s\": \"absent\"}".formatted(name.getJsonName()));
    }

    private static Question of(MethodDescriptor method, FieldDescriptor name, Inventory.Resource resource) {
        String[] api = resource.api().split(":", -1);
        String way = api[0].equals("rdk") ? "/" + api[1] + "s/" + api[2] : "/resources/" + resource.api();
        return new Question(
                method,
                DynamicMessage.newBuilder(method.getInputType())
                        .setField(name, resource.name())
                        .build(),
                way + "/" + GatewayUnderTest.segment(resource.name()) + "/" + method.getName(),
                "{}");
    }

    private static void compareAnswer(SoftAssertions all, Question question, DirectMachine.Said said, Answer told) {
        all.assertThat(told.status())
                .as("%s: %.400s", question.fullName(), told.body())
                .isEqualTo(200);
        if (told.status() == 200) {
            all.assertThat(Normalised.difference(
                            Normalised.answer(question.fullName(), told.body()),
                            Normalised.answer(question.fullName(), said.answer()),
                            question.path))
                    .as("what differs through the gateway")
                    .isEmpty();
        }
    }

    private static void compareError(SoftAssertions all, Question question, DirectMachine.Said said, Answer told) {
        all.assertThat(told.member("grpcStatus"))
                .as("%s: %.400s", question.path, told.body())
                .isEqualTo(said.status().getCode().name());
        all.assertThat(told.member("detail")).as(question.path).contains(said.text());
        all.assertThat(told.status())
                .as("%s, which said %s", question.path, said.status())
                .isEqualTo(StatusTable.http(said.status()));
    }

    @Test
    void anAnswerThatIsNoNumberIsWrittenAsProto3JsonWritesIt() {
        Answer told = gateway.call("/components/movement_sensor/ms1/GetAccuracy", "{}");
        assertThat(told.member("positionHdop")).isEqualTo("NaN");
    }

    @Test
    void whatTheMachineDoesNotImplementIsToldInItsWords() {
        Answer told = gateway.call("/components/sensor/s1/GetGeometries", "{}");
        assertThat(told.status()).isEqualTo(501);
        assertThat(told.member("code")).isEqualTo("method-unimplemented");
        assertThat(told.member("detail")).endsWith("method GetGeometries not implemented");
    }

    @Test
    void aServiceWhoseDescriptionLacksAFileCanBeCalled() {
        try (DirectMachine direct = machine.direct()) {
            assertThat(direct.descriptions().gaps()).contains("tagger/v1/tagger.proto");
            DirectMachine.Said said =
                    direct.call("viam.service.discovery.v1.DiscoveryService", "GetStatus", "{\"name\": \"absent\"}");
            Answer told =
                    gateway.call("/rpc/viam.service.discovery.v1.DiscoveryService/GetStatus", "{\"name\": \"absent\"}");
            assertThat(told.status()).isEqualTo(404);
            assertThat(told.member("detail")).isEqualTo(said.text());
        }
    }
}
