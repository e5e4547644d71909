package dev.fleetgateway.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.fleetgateway.connection.Reply;
import dev.fleetgateway.time.FakeTime;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import viam.app.v1.GetRobotPartResponse;
import viam.app.v1.OnlineState;
import viam.app.v1.PartSummary;
import viam.app.v1.RobotPart;

class ViewsTests {

    private static final Duration FRESH = Duration.ofSeconds(90);
    private static final Duration REFRESH = Duration.ofMinutes(5);

    private static final Reply<GetRobotPartResponse> OFF = new Reply.Given<>(
            GetRobotPartResponse.newBuilder()
                    .setPart(RobotPart.newBuilder()
                            .setRobotConfig(struct(
                                    "services",
                                    Value.newBuilder()
                                            .setListValue(ListValue.newBuilder()
                                                    .addValues(Value.newBuilder()
                                                            .setStructValue(struct(
                                                                            "attributes",
                                                                            Value.newBuilder()
                                                                                    .setStructValue(struct(
                                                                                            "sync_disabled",
                                                                                            Value.newBuilder()
                                                                                                    .setBoolValue(true)
                                                                                                    .build()))
                                                                                    .build())
                                                                    .toBuilder()
                                                                    .putFields(
                                                                            "api",
                                                                            Value.newBuilder()
                                                                                    .setStringValue(
                                                                                            "rdk:service:data_manager")
                                                                                    .build()))))
                                            .build())))
                    .build(),
            null);

    private final FakeTime time = new FakeTime();
    private final Views views = new Views(time, FRESH, REFRESH);

    private static Struct struct(String field, Value value) {
        return Struct.newBuilder().putFields(field, value).build();
    }

    private static Map<String, PartSummary> online(String... parts) {
        Map<String, PartSummary> found = new LinkedHashMap<>();
        for (String part : parts) {
            found.put(
                    part,
                    PartSummary.newBuilder()
                            .setPartId(part)
                            .setOnlineState(OnlineState.ONLINE_STATE_ONLINE)
                            .build());
        }
        return found;
    }

    private CloudView.@Nullable SyncSwitch sync(String part) {
        return views.of(part).orElseThrow().sync();
    }

    @Test
    void everyPartsConfigurationIsReadInItsTurnHoweverManyThereAre() {
        Set<String> parts = IntStream.range(0, 10_000).mapToObj(i -> "p-" + i).collect(Collectors.toSet());
        Set<String> read = new HashSet<>();
        // 200 of them fit between two lists.
        for (int round = 0; round < 50; round++) {
            for (String part : views.due(parts).stream().limit(200).toList()) {
                views.read(part, OFF);
                read.add(part);
            }
            time.advance(CloudWatch.EVERY);
        }
        assertThat(read).hasSize(10_000);
    }

    @Test
    void aConfigurationThatCannotBeReadSaysWhatItSaidBefore() {
        views.listed(online("p-1"), Set.of("p-1"));
        assertThat(views.read("p-1", OFF)).isTrue();
        CloudView.SyncSwitch before = sync("p-1");
        assertThat(before).isEqualTo(new CloudView.SyncSwitch(false, time.now()));
        time.advance(REFRESH);
        views.listed(online("p-1"), Set.of("p-1"));
        assertThat(views.read("p-1", new Reply.Refused<>(Status.RESOURCE_EXHAUSTED)))
                .isFalse();
        assertThat(sync("p-1")).isEqualTo(before);
        assertThat(views.read("p-1", new Reply.Lost<>(Status.UNAVAILABLE))).isFalse();
        assertThat(sync("p-1")).isEqualTo(before);
    }

    @Test
    void oneThatCouldNotBeReadIsAskedForAgainSoon() {
        views.read("p-1", OFF);
        views.read("p-2", new Reply.Lost<>(Status.UNAVAILABLE));
        assertThat(views.due(Set.of("p-1", "p-2"))).isEmpty();
        time.advance(Duration.ofMinutes(1));
        assertThat(views.due(Set.of("p-1", "p-2"))).containsExactly("p-2");
        time.advance(Duration.ofMinutes(4));
        assertThat(views.due(Set.of("p-1", "p-2"))).containsExactlyInAnyOrder("p-1", "p-2");
    }

    @Test
    void aClockThatIsSetBackMakesNothingYoung() {
        views.listed(online("p-1"), Set.of("p-1"));
        time.sleep(Duration.ofHours(-1));
        time.advance(FRESH.plusSeconds(1));
        assertThat(views.of("p-1")).isEmpty();
        assertThat(views.expire()).containsExactly("p-1");
        assertThat(views.expire()).isEmpty();
    }

    @Test
    void whatTheCloudNoLongerListsHasNoView() {
        views.listed(online("p-1", "p-2"), Set.of("p-1", "p-2"));
        assertThat(views.listed(online("p-1"), Set.of("p-1", "p-2"))).containsExactly("p-2");
        assertThat(views.of("p-2")).isEmpty();
    }
}
