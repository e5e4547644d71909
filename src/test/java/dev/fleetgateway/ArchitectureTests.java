package dev.fleetgateway;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;
import org.springframework.stereotype.Controller;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.socket.WebSocketHandler;

/** The shape of the house. The arrows between rooms are written in each room's package-info; the rest is here. */
class ArchitectureTests {

    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fleetgateway");

    private static final String[] WHERE_THE_WIRE_ENDS =
            rooms("connection", "session", "motion", "command", "status", "cloud", "cluster", "simulator");

    @Test
    void everyRoomUsesOnlyTheRoomsItNames() {
        ApplicationModules.of(FleetGateway.class).verify();
    }

    @Test
    void theRoomsAreDrawn() {
        new Documenter(ApplicationModules.of(FleetGateway.class)).writeDocumentation();
    }

    @Test
    void noTwoPackagesNeedEachOther() {
        slices().matching("dev.fleetgateway.(**)")
                .should()
                .beFreeOfCycles()
                .because("a knot of packages can only be understood, tested and changed as one")
                .check(OURS);
    }

    @Test
    void noRoomKnowsTheHouseItStandsIn() {
        noClasses()
                .that()
                .resideInAPackage("dev.fleetgateway.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.fleetgateway")
                .because("the root puts the rooms together; a room is handed its settings")
                .check(OURS);
    }

    @Test
    void theMachinesWireIsKnownOnlyWhereItEnds() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WHERE_THE_WIRE_ENDS)
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.grpc..", "viam..", "proto.rpc.."))
                .because(
                        "the other rooms speak of machines, routes and problems, so that the wire can change without them"
                                + " (status is among those that may, since it asks machines whether they move)")
                .check(OURS);
    }

    @Test
    void theNativeLibraryIsKnownOnlyToPeers() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fleetgateway.peer..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.onvoid.webrtc..")
                .because("it ends the process where it is used in the wrong order, so one room knows the order")
                .check(OURS);
    }

    @Test
    void onlyWhoFindsMachinesAndWhoPretendsToBeOneSpeaksMulticast() {
        noClasses()
                .that()
                .resideOutsideOfPackages(rooms("discovery", "simulator"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("javax.jmdns.."))
                .because("what a network says may come from anybody, so it is checked and bounded at one place")
                .check(OURS);
    }

    @Test
    void httpIsSpokenOnlyAtTheDoor() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fleetgateway.door..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("jakarta.servlet..", "org.apache.catalina..", "org.springframework.web.."))
                .because("the door translates, so that a room can be tested and reached without it")
                .check(OURS);
        classes()
                .that()
                .areMetaAnnotatedWith(Controller.class)
                .or()
                .areAssignableTo(HttpRequestHandler.class)
                .or()
                .areAssignableTo(WebSocketHandler.class)
                .should()
                .resideInAPackage("dev.fleetgateway.door..")
                .because("who looks for a path should have one place to look")
                .check(OURS);
    }

    @Test
    void onlyTheRoomOfTimeAsksWhatTimeItIsAndWaits() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.fleetgateway.time..")
                .should()
                .accessTargetWhere(use(Thread.class, "sleep")
                        .or(use(TimeUnit.class, "sleep"))
                        .or(use(System.class, "nanoTime", "currentTimeMillis"))
                        .or(use(Instant.class, "now"))
                        .or(use(LocalDate.class, "now"))
                        .or(use(LocalDateTime.class, "now"))
                        .or(use(OffsetDateTime.class, "now"))
                        .or(use(ZonedDateTime.class, "now"))
                        .or(use(Clock.class, "systemUTC", "systemDefaultZone", "system", "tickMillis", "tickSeconds"))
                        .or(useWithoutArguments(Date.class, "<init>")))
                .because("time is injected, so that tests can move it by hand")
                .check(OURS);
    }

    @Test
    void everyQueueHasABound() {
        noClasses()
                .should()
                .accessTargetWhere(useWithoutArguments(LinkedBlockingQueue.class, "<init>")
                        .or(useWithoutArguments(LinkedBlockingDeque.class, "<init>"))
                        .or(use(ConcurrentLinkedQueue.class, "<init>"))
                        .or(use(ConcurrentLinkedDeque.class, "<init>"))
                        .or(use(LinkedTransferQueue.class, "<init>"))
                        .or(use(PriorityBlockingQueue.class, "<init>"))
                        .or(use(Executors.class, "newFixedThreadPool", "newSingleThreadExecutor")))
                .because("what can grow without end does so on the worst day (and both executors hide such a queue)")
                .check(OURS);
    }

    @Test
    void everyPackageSaysWhatMayBeNull() {
        List<String> unmarked = OURS.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(room -> !room.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .toList();

        assertThat(unmarked)
                .as("packages whose package-info lacks @NullMarked, so that NullAway does not look at them")
                .isEmpty();
    }

    @Test
    void nothingIsNamedForBeingCode() {
        Pattern meaningless =
                Pattern.compile("(?:\\w*[a-z])?(?:Impl|Utils?|Helpers?|Managers?)|impl|utils?|helpers?|managers?");
        List<String> named = OURS.stream()
                .flatMap(type -> Stream.concat(
                        Stream.of(type.getSimpleName()),
                        type.getFields().stream().map(field -> field.getName())))
                .filter(meaningless.asMatchPredicate())
                .toList();

        assertThat(named)
                .as("names that say \"this is code\" and not what it is about")
                .isEmpty();
    }

    private static String[] rooms(String... names) {
        return Stream.of(names).map(name -> "dev.fleetgateway." + name + "..").toArray(String[]::new);
    }

    /** A call of, or a reference to, any of the members. */
    private static DescribedPredicate<JavaAccess<?>> use(Class<?> owner, String... members) {
        Set<String> names = Set.of(members);
        return DescribedPredicate.describe(
                "%s.%s".formatted(owner.getSimpleName(), String.join("/", members)),
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && names.contains(access.getTarget().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> useWithoutArguments(Class<?> owner, String member) {
        return use(owner, member)
                .and(DescribedPredicate.describe(
                        "without arguments",
                        access -> access.getTarget() instanceof CodeUnitAccessTarget target
                                && target.getRawParameterTypes().isEmpty()));
    }
}
