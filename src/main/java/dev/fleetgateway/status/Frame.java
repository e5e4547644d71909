package dev.fleetgateway.status;

import java.util.List;

/** What a reader of the feed is told at once. */
public sealed interface Frame {

    /** Which life of the gateway numbered it. */
    String epoch();

    /** Everything up to this change is known to a reader that took this frame; for a part of a snapshot, once it has the last. */
    long seq();

    /** A part of the whole fleet, ordered by name. What a reader had before is void when the last part is there. */
    record Snapshot(String epoch, long seq, List<Picture> machines, boolean last) implements Frame {}

    /** The newest picture of machines that changed, in the order of their last change. */
    record Changes(String epoch, long seq, List<Picture> machines) implements Frame {}

    /** Machines that left the fleet, or what the reader chose of it. */
    record Removed(String epoch, long seq, List<String> names) implements Frame {}

    /** How the gateway's own way to the internet is: once after a snapshot, and when it changes. */
    record Uplink(String epoch, long seq, dev.fleetgateway.uplink.Uplink uplink) implements Frame {}

    /** What the reader missed is not known any more; a snapshot follows. */
    record Gap(String epoch, long seq) implements Frame {}
}
