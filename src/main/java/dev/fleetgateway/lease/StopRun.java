package dev.fleetgateway.lease;

import dev.fleetgateway.connection.Connection;
import dev.fleetgateway.connection.Link;
import dev.fleetgateway.motion.ActuatorApi;
import dev.fleetgateway.motion.Look;
import dev.fleetgateway.motion.Resource;
import dev.fleetgateway.motion.StopReport;
import dev.fleetgateway.motion.StopReport.Outcome;
import dev.fleetgateway.motion.StopReport.ResourceOutcome;
import dev.fleetgateway.motion.Telling;
import dev.fleetgateway.motion.Told;
import dev.fleetgateway.motion.Wanderers;
import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One stop of a machine, or of some of its resources, from the telling to the verdict. The gate was closed and the calls in flight
 * were cut before it begins. Its steps follow each other asynchronously; one at a time, so its fields need no lock.
 */
final class StopRun {

    /** After so long without an answer another way is tried beside the first. */
    static final Duration SECOND_WAY = Duration.ofMillis(500);

    /** Two looks so far apart, both seeing nothing move, are a verdict. */
    static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private static final Duration DIAL = Duration.ofSeconds(2);
    private static final Duration ENDING = Duration.ofSeconds(1);
    private static final Duration ROLLING_OUT = Duration.ofMillis(1_200);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(150);

    /**
     * What is to be stopped.
     *
     * @param machine the name it goes by in the report
     * @param whole everything, or only the resources
     * @param resources what was moved through the gateway
     * @param earlier calls that are concerned: in flight, or without a known end
     * @param ending whether nobody is to move the machine after it under the same session
     */
    record Order(String machine, boolean whole, Set<Resource> resources, List<Act> earlier, boolean ending) {}

    private final Function<List<Act>, CompletableFuture<Void>> giveUp;
    private final Reach site;
    private final Time time;
    private final Order order;
    private final boolean whole;
    private final boolean ending;
    private final List<Resource> targets;
    private final List<Resource> wanderers;

    private Told told = Told.NOTHING;
    private Connection.@Nullable Aside aside;
    private String dialed = "";
    private boolean unsure;
    private long lookingSince;
    private boolean calm;
    private Map<Resource, Look.Said> seen = Map.of();
    private final Map<Resource, Long> standingSince = new HashMap<>();
    private final Set<Resource> seenTwice = new HashSet<>();

    /**
     * Does nothing yet.
     *
     * @param giveUp told of calls that cannot be known to have ended; completes when what they were sent under is dead
     */
    StopRun(Function<List<Act>, CompletableFuture<Void>> giveUp, Reach site, Time time, Order order) {
        this.giveUp = giveUp;
        this.site = site;
        this.time = time;
        this.order = order;
        this.whole = order.whole();
        this.ending = order.ending();
        Set<Resource> concerned = new LinkedHashSet<>(order.resources());
        concerned.removeIf(resource -> Wanderers.wander(resource.api()));
        if (whole) {
            site.resources().stream()
                    .filter(resource -> ActuatorApi.isActuator(resource.api()))
                    .forEach(resource -> concerned.add(new Resource(resource.api(), resource.name())));
        }
        this.targets = List.copyOf(concerned);
        this.wanderers = whole
                // What was set going through the gateway, though the machine may not list it now, and whatever it
                // lists.
                ? Stream.concat(
                                order.resources().stream(),
                                site.resources().stream()
                                        .map(resource -> new Resource(resource.api(), resource.name())))
                        .filter(resource -> Wanderers.wander(resource.api()))
                        .distinct()
                        .toList()
                : List.of();
    }

    /** Begins. Completes with the verdict, some seconds later at the latest; never fails. */
    CompletableFuture<StopReport> begin() {
        return tell().thenCompose(_ -> fallBack())
                .thenCompose(_ -> untilEnded())
                .thenCompose(_ -> tellAgain())
                .thenCompose(_ -> look())
                .handle((_, failure) -> {
                    close();
                    return failure == null
                            ? report()
                            : StopReport.of(order.machine(), Outcome.FAILED, "the gateway failed: " + failure);
                });
    }

    private CompletableFuture<Void> tell() {
        Optional<Link> link = site.forStop();
        if (link.isEmpty()) {
            return tellAside();
        }
        Telling.cancel(
                link.get(),
                order.earlier().stream()
                        .filter(act -> !act.lost)
                        .map(act -> act.about.operation())
                        .toList());
        CompletableFuture<Void> first = tellOn(link.get());
        CompletableFuture<Void> second = new CompletableFuture<>();
        AtomicBoolean decided = new AtomicBoolean();
        Time.Timer timer = time.after(SECOND_WAY, () -> {
            if (decided.compareAndSet(false, true)) {
                var _ = tellAside().whenComplete((_, _) -> second.complete(null));
            }
        });
        return first.thenCompose(_ -> {
            if (decided.compareAndSet(false, true)) {
                timer.cancel();
                // A link that broke at this very moment is as good as none.
                return site.forStop().isEmpty() && isNothingReached()
                        ? tellAside()
                        : CompletableFuture.completedFuture(null);
            }
            return second;
        });
    }

    private boolean isNothingReached() {
        return !told.reachedAll() && told.each().values().stream().noneMatch(String::isEmpty);
    }

    private CompletableFuture<Void> tellAside() {
        return site.aside(DIAL)
                .thenCompose(opened -> {
                    aside = opened;
                    return tellOn(opened.link());
                })
                .exceptionally(failure -> {
                    dialed = "; dialed again: " + cause(failure).getMessage();
                    return null;
                });
    }

    private static Throwable cause(Throwable failure) {
        return failure.getCause() == null ? failure : failure.getCause();
    }

    private CompletableFuture<Void> tellOn(Link link) {
        CompletableFuture<Told> answer =
                whole ? Telling.everything(link, actuators(order.resources()), wanderers) : Telling.each(link, targets);
        return answer.thenAccept(this::add);
    }

    private synchronized void add(Told more) {
        told = told.and(more);
    }

    private static List<Resource> actuators(Set<Resource> resources) {
        return resources.stream()
                .filter(resource -> ActuatorApi.isActuator(resource.api()))
                .toList();
    }

    /** A Stop that was refused or not answered is tried the other way: one by one, or all. */
    private CompletableFuture<Void> fallBack() {
        Link link = best();
        List<Resource> missed =
                targets.stream().filter(resource -> !told.reached(resource)).toList();
        if (link == null || (missed.isEmpty() && (!whole || told.reachedAll()))) {
            return CompletableFuture.completedFuture(null);
        }
        return (whole ? Telling.each(link, missed) : Telling.everything(link, missed, List.of())).thenAccept(this::add);
    }

    /** The link that answered last: the one beside, where the first did not. */
    private @Nullable Link best() {
        Connection.Aside beside = aside;
        return beside != null && beside.link().usable()
                ? beside.link()
                : site.forStop().orElse(null);
    }

    private CompletableFuture<Void> untilEnded() {
        List<Act> running = unended(act -> !act.lost);
        if (running.isEmpty()) {
            return unended(_ -> true).isEmpty() ? CompletableFuture.completedFuture(null) : notEnded();
        }
        CompletableFuture<Boolean> all = CompletableFuture.allOf(
                        running.stream().map(act -> act.ended).toArray(CompletableFuture[]::new))
                .thenApply(_ -> true);
        Time.Timer timer = time.after(ENDING, () -> all.complete(false));
        return all.thenCompose(_ -> {
            timer.cancel();
            return unended(_ -> true).isEmpty() ? CompletableFuture.completedFuture(null) : notEnded();
        });
    }

    private List<Act> unended(Predicate<Act> chosen) {
        return order.earlier().stream()
                .filter(act -> !act.ended.isDone())
                .filter(chosen)
                .toList();
    }

    /**
     * Something sent before may still be under way. Where everything is stopped, the session it was sent under is left to die: what
     * arrives later is refused then, if it is tied to a session, and what the machine does not list as an operation is not there.
     */
    private CompletableFuture<Void> notEnded() {
        unsure = true;
        if (!whole && !ending) {
            return CompletableFuture.completedFuture(null);
        }
        List<Act> unended = unended(_ -> true);
        return giveUp.apply(unended).thenCompose(_ -> {
            Link link = best();
            if (link == null || !unended.stream().allMatch(act -> act.about.monitored())) {
                return CompletableFuture.completedFuture(null);
            }
            return Telling.operations(link)
                    .thenAccept(listed -> unsure =
                            listed == null || unended.stream().anyMatch(act -> listed.contains(act.about.operation())));
        });
    }

    // What was in flight may have moved something after the first telling, and so may a service between its two
    // answers.
    private CompletableFuture<Void> tellAgain() {
        Link link = best();
        boolean wandered = wanderers.stream().anyMatch(resource -> told.each().containsKey(resource));
        return link == null || (order.earlier().isEmpty() && !wandered)
                ? CompletableFuture.completedFuture(null)
                : tellOn(link);
    }

    private CompletableFuture<Void> look() {
        lookingSince = time.nanos();
        return lookOnce();
    }

    private CompletableFuture<Void> lookOnce() {
        Link link = best();
        if (link == null) {
            return CompletableFuture.completedFuture(null);
        }
        Set<Resource> looked = new LinkedHashSet<>(targets);
        wanderers.stream().filter(each -> Wanderers.canBeAsked(each.api())).forEach(looked::add);
        return Look.at(link, looked).thenCompose(found -> {
            see(found);
            if (found.containsValue(Look.Said.MOVES)) {
                calm = false;
                return time.since(lookingSince).compareTo(ROLLING_OUT) < 0
                        ? after(LOOK_AGAIN).thenCompose(_ -> lookOnce())
                        : CompletableFuture.completedFuture(null);
            }
            if (calm || !found.containsValue(Look.Said.STANDS)) {
                return CompletableFuture.completedFuture(null);
            }
            calm = true;
            return after(BETWEEN_LOOKS).thenCompose(_ -> lookOnce());
        });
    }

    /** Each resource by itself: one that goes on moving takes nothing from what is known of the others. */
    private void see(Map<Resource, Look.Said> found) {
        seen = found;
        seenTwice.clear();
        found.forEach((resource, said) -> {
            if (said != Look.Said.STANDS) {
                standingSince.remove(resource);
                return;
            }
            long since = standingSince.computeIfAbsent(resource, _ -> time.nanos());
            if (time.since(since).compareTo(BETWEEN_LOOKS) >= 0) {
                seenTwice.add(resource);
            }
        });
    }

    private CompletableFuture<Void> after(Duration wait) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        time.after(wait, () -> over.complete(null));
        return over;
    }

    private StopReport report() {
        List<ResourceOutcome> resources = new ArrayList<>();
        targets.forEach(resource -> resources.add(outcome(resource)));
        for (Resource service : wanderers) {
            // One that had nothing to be stopped is not told of.
            if (told.each().containsKey(service) || seen.get(service) == Look.Said.MOVES) {
                resources.add(outcome(service));
            }
        }
        if (resources.isEmpty()) {
            return told.reachedAll()
                    ? StopReport.of(order.machine(), Outcome.NOT_VERIFIED, "told to stop; nothing on it can be asked")
                    : StopReport.of(order.machine(), Outcome.FAILED, absence());
        }
        Outcome overall = resources.stream().map(ResourceOutcome::outcome).reduce(Outcome.STOPPED, Outcome::worse);
        return new StopReport(order.machine(), overall, resources);
    }

    private String absence() {
        return best() == null && told.equals(Told.NOTHING)
                ? "could not be told: " + site.absence() + dialed
                : told.all() == null ? "it was not told" : told.all();
    }

    private ResourceOutcome outcome(Resource resource) {
        Look.Said said = seen.getOrDefault(resource, Look.Said.SILENT);
        boolean reached = isReached(resource);
        if (!reached) {
            String why = told.equals(Told.NOTHING) ? absence() : told.why(resource);
            return new ResourceOutcome(
                    resource.toString(),
                    said == Look.Said.MOVES ? Outcome.STILL_MOVING : Outcome.FAILED,
                    why + (said == Look.Said.STANDS ? "; it is seen not moving" : ""));
        }
        return switch (said) {
            case MOVES ->
                new ResourceOutcome(resource.toString(), Outcome.STILL_MOVING, "it was told, and still moves");
            case SILENT ->
                new ResourceOutcome(
                        resource.toString(), Outcome.NOT_VERIFIED, "it was told, and does not say whether it moves");
            case STANDS -> standing(resource);
        };
    }

    private ResourceOutcome standing(Resource resource) {
        if (unsure) {
            return new ResourceOutcome(
                    resource.toString(),
                    Outcome.NOT_VERIFIED,
                    "it does not move, but a call sent before has not ended and may move it yet");
        }
        return seenTwice.contains(resource)
                ? new ResourceOutcome(resource.toString(), Outcome.STOPPED, "")
                : new ResourceOutcome(
                        resource.toString(), Outcome.NOT_VERIFIED, "it did not move when it was seen, once only");
    }

    /** What was moved and is not known to have been told, because no answer came: it is owed. Of use once the verdict is there. */
    Set<Resource> untold() {
        return order.resources().stream()
                .filter(resource -> !isReached(resource) && told.isUnanswered(resource))
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isReached(Resource resource) {
        boolean byAll =
                told.reachedAll() && !ActuatorApi.isActuator(resource.api()) && !Wanderers.wander(resource.api());
        return byAll || told.reached(resource);
    }

    private void close() {
        Connection.Aside beside = aside;
        if (beside != null) {
            beside.close();
        }
    }
}
