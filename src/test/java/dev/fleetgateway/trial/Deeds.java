package dev.fleetgateway.trial;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What was done to a machine's cloud, and when the machine was last in contact before it and first after it. */
final class Deeds {

    private final SyncScene scene;
    private final Rover rover;
    private final List<Began> began = new ArrayList<>();
    private final List<Long> ended = new ArrayList<>();

    private record Began(String fault, long at) {}

    /**
     * A time without contact.
     *
     * @param last the last sign before it, by the cloud's word
     * @param first the first one after it
     */
    record Gone(String fault, Instant begun, Instant mended, Instant last, Instant first) {}

    Deeds(SyncScene scene, Rover rover) {
        this.scene = scene;
        this.rover = rover;
    }

    Rover rover() {
        return rover;
    }

    long began(String fault, long at) {
        began.add(new Began(fault, at));
        return at;
    }

    long ended(long at) {
        ended.add(at);
        return at;
    }

    /** All of them that are over, as they were. */
    List<Gone> gone() {
        List<Gone> all = new ArrayList<>();
        for (int i = 0; i < ended.size(); i++) {
            Began fault = began.get(i);
            all.add(new Gone(
                    fault.fault(),
                    Rover.clock(fault.at()),
                    Rover.clock(ended.get(i)),
                    Rover.clock(rover.lastRead(fault.at())),
                    Rover.clock(rover.firstOfSeries(ended.get(i)).orElseThrow())));
        }
        return all;
    }

    /** In the order of time, for people. */
    List<String> told() {
        List<String> lines = new ArrayList<>();
        for (Gone each : gone()) {
            lines.add("%s the cloud is %s; it was last asked at %s".formatted(each.begun(), each.fault(), each.last()));
            lines.add("%s the cloud is well; it was first asked at %s".formatted(each.mended(), each.first()));
        }
        for (SyncScene.Gap gap : scene.gaps()) {
            lines.add("%s the gateway ends (%s), and starts at %s".formatted(gap.from(), gap.ended(), gap.until()));
        }
        lines.sort(String::compareTo);
        return lines;
    }
}
