package dev.fleetgateway.motion;

import dev.fleetgateway.connection.Link;
import dev.fleetgateway.connection.Question;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import viam.service.navigation.v1.GetModeRequest;
import viam.service.navigation.v1.Mode;
import viam.service.navigation.v1.NavigationServiceGrpc;

/** One look whether given resources stand. Each is asked once, all side by side. */
public final class Look {

    /** An actuator says within milliseconds whether it moves (seen live); one that does not say so soon does not say. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private Look() {}

    /** What one resource said. */
    public enum Said {
        /** It does not move. */
        STANDS,
        /** It moves. */
        MOVES,
        /** It has no way to say, or did not say. */
        SILENT
    }

    /**
     * Looks.
     *
     * @return completes with an entry for every resource, within a good second; never fails
     */
    public static CompletableFuture<Map<Resource, Said>> at(Link link, Collection<Resource> resources) {
        Map<Resource, Said> seen = new ConcurrentHashMap<>();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (Resource resource : resources) {
            asked.add(ask(link, resource).exceptionally(_ -> Said.SILENT).thenAccept(said -> seen.put(resource, said)));
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(_ -> Map.copyOf(seen));
    }

    private static CompletableFuture<Said> ask(Link link, Resource resource) {
        if (resource.api().equals(Wanderers.NAVIGATION)) {
            return Question.ask(
                            link.channel(),
                            NavigationServiceGrpc.getGetModeMethod(),
                            GetModeRequest.newBuilder().setName(resource.name()).build(),
                            PATIENCE)
                    .thenApply(answer -> answer.getMode() == Mode.MODE_MANUAL ? Said.STANDS : Said.MOVES);
        }
        var isMoving = ActuatorApi.isMoving(resource.api());
        if (isMoving == null) {
            return CompletableFuture.failedFuture(Status.UNIMPLEMENTED.asRuntimeException());
        }
        return Question.ask(link.channel(), isMoving, resource.name(), PATIENCE)
                .thenApply(moving -> moving ? Said.MOVES : Said.STANDS);
    }
}
