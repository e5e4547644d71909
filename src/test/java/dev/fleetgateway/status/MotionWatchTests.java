package dev.fleetgateway.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fleetgateway.connection.MachineReport;
import dev.fleetgateway.motion.Errand;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.time.FakeTime;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import viam.service.motion.v1.ListPlanStatusesRequest;
import viam.service.motion.v1.ListPlanStatusesResponse;
import viam.service.motion.v1.PlanState;
import viam.service.navigation.v1.GetModeRequest;
import viam.service.navigation.v1.GetModeResponse;
import viam.service.navigation.v1.Mode;

class MotionWatchTests {

    private static final List<MachineReport.Resource> ROVER = List.of(
            resource("rdk:component:motor", "left"),
            resource("rdk:component:motor", "right"),
            resource("rdk:component:base", "b"),
            resource("rdk:component:sensor", "s"));

    private static final List<MachineReport.Resource> SHIP = List.of(
            resource("rdk:component:base", "base1"),
            resource("rdk:service:navigation", "nav1"),
            resource("rdk:service:motion", "far"));

    private static final String MODE = "viam.service.navigation.v1.NavigationService/GetMode nav1";
    private static final String PLANS = "viam.service.motion.v1.MotionService/ListPlanStatuses far";

    private final FakeTime time = new FakeTime();
    private final FakeFleet fleet = new FakeFleet(time);
    private final Pictures pictures = new Pictures(
            time, new Feed(time, "e"), "g", Duration.ofDays(1), _ -> Moving.NOTHING, _ -> FakeFleet.NOT_JUDGED);
    private final Robot robot = new Robot();
    private final AtomicBoolean watched = new AtomicBoolean();
    private final MotionWatch watch = new MotionWatch(time, fleet, watched::get, pictures.findings());

    @BeforeEach
    void listen() {
        fleet.listen(pictures);
        fleet.listen(watch);
        fleet.add("r1", Map.of());
    }

    @Test
    void stillIsSaidOnlyWhenEveryActuatorAnsweredSo() {
        poll(ROVER);
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);
        assertThat(motion().reason()).isEqualTo("3 of 3 actuators answered that they do not move");
        assertThat(motion().observedAt()).isEqualTo(time.now());
        assertThat(robot.asked)
                .containsExactlyInAnyOrder(
                        "viam.component.motor.v1.MotorService/IsMoving left",
                        "viam.component.motor.v1.MotorService/IsMoving right",
                        "viam.component.base.v1.BaseService/IsMoving b");

        robot.answers.put("right", Status.Code.OK);
        robot.moving.add("right");
        later();
        assertThat(motion().state()).isEqualTo(Motion.State.MOVING);
        assertThat(motion().moving()).containsExactly("rdk:component:motor/right");
    }

    @Test
    void oneThatDoesNotAnswerMakesItUnknownAndIsNamed() {
        robot.answers.put("b", Status.Code.DEADLINE_EXCEEDED);
        poll(ROVER);
        assertThat(motion().state()).isEqualTo(Motion.State.UNKNOWN);
        assertThat(motion().reason())
                .isEqualTo("rdk:component:base/b does not say whether it moves: DEADLINE_EXCEEDED");
    }

    @Test
    void oneThatCannotBeAskedDoesNotCountButIsNamed() {
        robot.answers.put("b", Status.Code.UNIMPLEMENTED);
        poll(ROVER);
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);
        assertThat(motion().reason()).endsWith("; cannot be asked: rdk:component:base/b");

        robot.answers.put("left", Status.Code.UNIMPLEMENTED);
        robot.answers.put("right", Status.Code.UNIMPLEMENTED);
        later();
        assertThat(motion().state()).isEqualTo(Motion.State.UNKNOWN);
    }

    @Test
    void aMachineWithoutActuatorsStandsStill() {
        poll(List.of());
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);
        assertThat(motion().reason()).isEqualTo("it has no actuator");
    }

    @Test
    void itLooksAfterEveryPollWhileSomebodyWatchesOrSomethingMovesAndElseNowAndThen() {
        poll(ROVER);
        for (int i = 0; i < 14; i++) {
            time.advance(Duration.ofSeconds(1));
            poll(ROVER);
        }
        assertThat(robot.looks()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        poll(ROVER);
        assertThat(robot.looks()).isEqualTo(2);

        watched.set(true);
        time.advance(Duration.ofSeconds(1));
        poll(ROVER);
        fleet.missesPoll("r1");
        assertThat(robot.looks()).as("a poll that was missed is no news").isEqualTo(3);

        robot.moving.add("left");
        time.advance(Duration.ofSeconds(1));
        poll(ROVER);
        watched.set(false);
        time.advance(Duration.ofSeconds(1));
        poll(ROVER);
        assertThat(robot.looks()).isEqualTo(5);
        assertThat(time.pendingTimers()).isEmpty();
    }

    @Test
    void oneLookAtATimeAndAFewQuestionsAtOnce() {
        watched.set(true);
        robot.silent = true;
        List<MachineReport.Resource> many = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            many.add(resource("rdk:component:servo", "s" + i));
        }
        poll(many);
        time.advance(Duration.ofSeconds(1));
        poll(many);
        assertThat(robot.asked).hasSize(3);
        for (int i = 0; i < 50; i++) {
            robot.answerOne();
        }
        assertThat(robot.asked).hasSize(50);
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);
    }

    @Test
    void aLookThatIsAskedForComesAtOnceAndAgainAfterOneThatWasUnderWay() {
        poll(ROVER);
        watch.look("r1");
        assertThat(robot.looks()).isEqualTo(2);

        robot.silent = true;
        watch.look("r1");
        watch.look("r1");
        robot.moving.add("b");
        assertThat(robot.looks()).isEqualTo(3);
        robot.silent = false;
        for (int i = 0; i < 3; i++) {
            robot.answerOne();
        }
        assertThat(robot.looks()).isEqualTo(4);
        assertThat(motion().state()).isEqualTo(Motion.State.MOVING);

        fleet.loses("r1", "cable pulled");
        watch.look("r1");
        assertThat(robot.looks()).as("nobody is there to be asked").isEqualTo(4);
    }

    @Test
    void anAnswerThatComesAfterTheConnectionWasLostSaysNothing() {
        robot.silent = true;
        poll(ROVER);
        fleet.loses("r1", "cable pulled");
        for (int i = 0; i < 3; i++) {
            robot.answerOne();
        }
        assertThat(motion().state()).isEqualTo(Motion.State.UNKNOWN);
    }

    @Test
    void servicesThatMayDriveByThemselvesAreAskedWithTheActuators() {
        assertThat(motion().unattended()).as("nobody asked yet").isNull();
        poll(SHIP);
        assertThat(motion().unattended()).isEmpty();
        assertThat(robot.asked).containsAll(List.of(MODE, PLANS));

        robot.mode = Mode.MODE_WAYPOINT;
        robot.plans.add("e1");
        Instant seen = later(SHIP);
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);
        assertThat(motion().unattended())
                .containsExactly(
                        new Unattended("rdk:service:motion/far", "base1", "e1", "IN_PROGRESS", seen, seen),
                        new Unattended("rdk:service:navigation/nav1", null, null, "WAYPOINT", seen, seen));

        Instant again = later(SHIP);
        assertThat(motion().unattended()).allMatch(one -> one.since().equals(seen) && again.equals(one.observedAt()));

        robot.plans.clear();
        robot.mode = Mode.MODE_EXPLORE;
        Instant other = later(SHIP);
        assertThat(motion().unattended())
                .containsExactly(new Unattended("rdk:service:navigation/nav1", null, null, "EXPLORE", other, other));

        robot.mode = Mode.MODE_MANUAL;
        later(SHIP);
        assertThat(motion().unattended()).isEmpty();
    }

    @Test
    void whatGoesOnIsLookedAtAfterEveryPoll() {
        robot.mode = Mode.MODE_WAYPOINT;
        poll(SHIP);
        for (int i = 2; i <= 4; i++) {
            time.advance(Duration.ofSeconds(1));
            poll(SHIP);
            assertThat(robot.times(MODE)).isEqualTo(i);
        }
        robot.mode = Mode.MODE_MANUAL;
        for (int i = 0; i < 14; i++) {
            time.advance(Duration.ofSeconds(1));
            poll(SHIP);
        }
        assertThat(robot.times(MODE)).as("once more, and then now and then").isEqualTo(5);
    }

    @Test
    void aServiceThatKnowsNoPlansIsTakenAtItsWordForAMinuteOfOneConnection() {
        robot.answers.put("far", Status.Code.UNIMPLEMENTED);
        poll(SHIP);
        later(SHIP);
        assertThat(robot.times(PLANS)).isEqualTo(1);
        assertThat(robot.times(MODE)).isEqualTo(2);
        assertThat(motion().unattended()).isEmpty();

        fleet.loses("r1", "cable pulled");
        later(SHIP);
        assertThat(robot.times(PLANS)).isEqualTo(2);

        robot.answers.clear();
        robot.plans.add("e1");
        for (int i = 0; i < 4; i++) {
            later(SHIP);
        }
        assertThat(motion().unattended()).extracting(Unattended::execution).containsExactly("e1");
    }

    @Test
    void aMachineThatWasBuiltAnewIsAskedAtOnceThoughItsConnectionStayed() {
        watched.set(true);
        Instant built = time.now();
        fleet.configures("r1", configuration(built, "r1", built));
        robot.answers.put("far", Status.Code.UNIMPLEMENTED);
        poll(SHIP);
        robot.answers.clear();
        robot.plans.add("e1");
        time.advance(Duration.ofSeconds(1));
        fleet.configures("r1", configuration(time.now(), "r1", built));
        poll(SHIP);
        assertThat(robot.times(PLANS)).as("read anew is not built anew").isEqualTo(1);

        fleet.configures("r1", configuration(built, "r2", built));
        poll(SHIP);
        assertThat(motion().unattended()).extracting(Unattended::execution).containsExactly("e1");

        robot.answers.put("far", Status.Code.UNIMPLEMENTED);
        later(SHIP);
        robot.answers.clear();
        time.advance(Duration.ofSeconds(1));
        fleet.configures("r1", configuration(built, "r2", time.now()));
        poll(SHIP);
        assertThat(motion().unattended()).extracting(Unattended::execution).containsExactly("e1");
    }

    private MachineReport.Configuration configuration(Instant read, String revision, Instant built) {
        return new MachineReport.Configuration(read, revision, built, "", time.now(), time.nanos());
    }

    @Test
    void whatOnlySoundsLikeItEndsNothingAndLeavesTheRestUnknown() {
        robot.answers.put("far", Status.Code.UNKNOWN);
        robot.words = "frame type slam_2 not supported";
        poll(SHIP);
        assertThat(motion().unattended()).isNull();

        robot.answers.clear();
        robot.plans.add("e1");
        later(SHIP);
        robot.answers.put("far", Status.Code.UNKNOWN);
        later(SHIP);
        assertThat(motion().unattended()).extracting(Unattended::execution).containsExactly("e1");
    }

    @Test
    void aMachinesOwnServiceThatHasGivenUpPlansSaysSoInItsOwnWords() {
        robot.answers.put("far", Status.Code.UNKNOWN);
        robot.words = "ListPlanStatuses not supported by builtin";
        poll(SHIP);
        later(SHIP);
        assertThat(robot.times(PLANS)).isEqualTo(1);
        assertThat(motion().unattended()).isEmpty();
    }

    @Test
    void aServiceThatDoesNotSayLeavesNothingToBeKnownButEndsNothing() {
        robot.answers.put("nav1", Status.Code.DEADLINE_EXCEEDED);
        poll(SHIP);
        assertThat(motion().unattended()).isNull();
        assertThat(motion().state()).isEqualTo(Motion.State.STILL);

        robot.answers.clear();
        robot.mode = Mode.MODE_WAYPOINT;
        Instant seen = later(SHIP);
        robot.answers.put("nav1", Status.Code.DEADLINE_EXCEEDED);
        later(SHIP);
        assertThat(motion().unattended())
                .containsExactly(new Unattended("rdk:service:navigation/nav1", null, null, "WAYPOINT", seen, seen));
    }

    @Test
    void whatGoesOnIsShownWhileTheMachineIsAwayAndLookedAtAnewWhenItIsBack() {
        robot.plans.add("e1");
        poll(SHIP);
        Instant seen = time.now();
        Unattended going = new Unattended("rdk:service:motion/far", "base1", "e1", "IN_PROGRESS", seen, seen);
        time.advance(Duration.ofSeconds(1));
        fleet.loses("r1", "cable pulled");
        assertThat(motion().unattended()).containsExactly(going);
        time.advance(Duration.ofHours(1));
        robot.silent = true;
        poll(SHIP);
        assertThat(motion().unattended()).as("it is back but has not answered").containsExactly(going);

        robot.plans.clear();
        robot.silent = false;
        robot.answerAll();
        assertThat(motion().unattended()).isEmpty();

        fleet.loses("r1", "cable pulled");
        assertThat(motion().unattended())
                .as("whether one has begun since is not known")
                .isNull();
    }

    @Test
    void whatACallBeganGoesOnFromThenAndIsNotEndedByALookThatAskedBefore() {
        poll(SHIP);
        robot.silent = true;
        time.advance(Duration.ofSeconds(15));
        poll(SHIP);
        time.advance(Duration.ofMillis(100));
        Instant began = time.now();
        pictures.sent("r1", Errand.execution(new Resource("rdk:service:motion", "far"), "base1", "e1"));
        Unattended going = new Unattended("rdk:service:motion/far", "base1", "e1", "IN_PROGRESS", began, began);
        assertThat(motion().unattended()).containsExactly(going);

        robot.silent = false;
        robot.answerAll();
        assertThat(motion().unattended()).containsExactly(going);

        robot.plans.add("e1");
        Instant seen = later(SHIP);
        assertThat(motion().unattended())
                .containsExactly(new Unattended("rdk:service:motion/far", "base1", "e1", "IN_PROGRESS", began, seen));
        robot.plans.clear();
        later(SHIP);
        assertThat(motion().unattended()).isEmpty();
    }

    @Test
    void aWallClockThatIsSetNeitherKeepsNorEndsWhatACallBegan() {
        poll(SHIP);
        pictures.sent("r1", Errand.execution(new Resource("rdk:service:motion", "far"), "base1", "e1"));
        time.sleep(Duration.ofHours(-1));
        later(SHIP);
        assertThat(motion().unattended()).as("it is over by now").isEmpty();

        robot.silent = true;
        time.advance(Duration.ofSeconds(15));
        poll(SHIP);
        time.sleep(Duration.ofHours(-1));
        time.advance(Duration.ofMillis(100));
        pictures.sent("r1", Errand.execution(new Resource("rdk:service:motion", "far"), "base1", "e2"));
        robot.silent = false;
        robot.answerAll();
        assertThat(motion().unattended())
                .as("it began after the look did")
                .extracting(Unattended::execution)
                .containsExactly("e2");
    }

    @Test
    void aServiceThatTheMachineNoLongerHasGoesOnWithNothing() {
        robot.mode = Mode.MODE_WAYPOINT;
        poll(SHIP);
        later(ROVER);
        assertThat(motion().unattended()).isEmpty();
    }

    @Test
    void thatItWasSeenAgainIsNoChange() {
        robot.mode = Mode.MODE_WAYPOINT;
        poll(SHIP);
        long seq = pictures.picture("r1").orElseThrow().seq();
        later(SHIP);
        assertThat(pictures.picture("r1").orElseThrow().seq()).isEqualTo(seq);
    }

    private Instant later(List<MachineReport.Resource> resources) {
        time.advance(Duration.ofSeconds(15));
        poll(resources);
        return time.now();
    }

    private void poll(List<MachineReport.Resource> resources) {
        fleet.answers("r1", resources, robot);
    }

    private void later() {
        time.advance(Duration.ofSeconds(15));
        poll(ROVER);
    }

    private Motion motion() {
        return pictures.picture("r1").orElseThrow().machine().motion();
    }

    private static MachineReport.Resource resource(String api, String name) {
        return new MachineReport.Resource(api, name, "READY", "");
    }

    /** A machine at the other end of a channel: it is asked in bytes and answers in bytes. */
    private static final class Robot extends Channel {

        private final List<String> asked = new ArrayList<>();
        private final List<String> moving = new ArrayList<>();
        private final Map<String, Status.Code> answers = new HashMap<>();
        private final Deque<Runnable> owed = new ArrayDeque<>();
        private final List<String> plans = new ArrayList<>();
        private Mode mode = Mode.MODE_MANUAL;
        private String words = "";
        private boolean silent;

        long times(String question) {
            return asked.stream().filter(question::equals).count();
        }

        void answerAll() {
            while (!owed.isEmpty()) {
                answerOne();
            }
        }

        long looks() {
            return asked.stream().filter(question -> question.endsWith(" left")).count();
        }

        void answerOne() {
            Runnable answer = owed.poll();
            if (answer != null) {
                answer.run();
            }
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            assertThat(options.getDeadline()).isNotNull();
            return new ClientCall<>() {

                private ClientCall.@Nullable Listener<A> listener;

                @Override
                public void start(Listener<A> responses, Metadata headers) {
                    listener = responses;
                }

                @Override
                public void sendMessage(Q message) {
                    String name = name(method.parseRequest(method.streamRequest(message)));
                    asked.add(method.getFullMethodName() + " " + name);
                    owed.add(() -> answer(name));
                    if (!silent) {
                        answerOne();
                    }
                }

                private void answer(String name) {
                    Listener<A> hearing = listener;
                    if (hearing == null) {
                        throw new AssertionError("a message before the start");
                    }
                    Status.Code code = answers.getOrDefault(name, Status.Code.OK);
                    if (code == Status.Code.OK) {
                        byte[] bytes = bytes(method.getFullMethodName(), name);
                        hearing.onMessage(method.parseResponse(new ByteArrayInputStream(bytes)));
                    }
                    hearing.onClose(code.toStatus().withDescription(words), new Metadata());
                }

                @Override
                public void request(int numMessages) {}

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {}

                @Override
                public void halfClose() {}
            };
        }

        private static String name(Object question) {
            return switch (question) {
                case GetModeRequest mode -> mode.getName();
                case ListPlanStatusesRequest plans -> plans.getOnlyActivePlans() ? plans.getName() : "all";
                default -> question.toString();
            };
        }

        private byte[] bytes(String method, String name) {
            if (method.endsWith("/GetMode")) {
                return GetModeResponse.newBuilder().setMode(mode).build().toByteArray();
            }
            if (method.endsWith("/ListPlanStatuses")) {
                var all = ListPlanStatusesResponse.newBuilder();
                plans.forEach(id -> all.addPlanStatusesWithIdsBuilder()
                        .setExecutionId(id)
                        .setComponentName("base1")
                        .getStatusBuilder()
                        .setState(PlanState.PLAN_STATE_IN_PROGRESS));
                return all.build().toByteArray();
            }
            return moving.contains(name) ? new byte[] {8, 1} : new byte[0];
        }

        @Override
        public String authority() {
            return "robot";
        }
    }
}
