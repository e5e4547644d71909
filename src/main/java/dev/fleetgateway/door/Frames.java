package dev.fleetgateway.door;

import dev.fleetgateway.status.Frame;
import dev.fleetgateway.status.Picture;
import java.util.List;

/** How a frame of the feed is written: the same members behind every door. */
final class Frames {

    private Frames() {}

    /** The name of what it tells. */
    static String event(Frame frame) {
        return switch (frame) {
            case Frame.Snapshot _ -> "snapshot";
            case Frame.Changes _ -> "changes";
            case Frame.Removed _ -> "removed";
            case Frame.Uplink _ -> "uplink";
            case Frame.Gap _ -> "gap";
        };
    }

    /** Its members, put together from pictures that were written before. */
    static byte[] json(Frame frame) {
        Json.Pieces pieces =
                new Json.Pieces().raw("{\"epoch\":").value(frame.epoch()).raw(",\"seq\":" + frame.seq());
        switch (frame) {
            case Frame.Snapshot snapshot ->
                pieces.raw(",\"machines\":").array(written(snapshot.machines())).raw(",\"last\":" + snapshot.last());
            case Frame.Changes changes -> pieces.raw(",\"machines\":").array(written(changes.machines()));
            case Frame.Removed removed -> pieces.raw(",\"names\":").value(removed.names());
            case Frame.Uplink uplink -> pieces.raw(",\"uplink\":").value(uplink.uplink());
            case Frame.Gap _ -> {}
        }
        return pieces.raw("}").done();
    }

    /**
     * Whether a reader that took it may go on from its number. It may not in the middle of a snapshot, nor between a gap and
     * its snapshot.
     */
    static boolean isPlace(Frame frame) {
        return switch (frame) {
            case Frame.Snapshot snapshot -> snapshot.last();
            case Frame.Changes _, Frame.Removed _, Frame.Uplink _ -> true;
            case Frame.Gap _ -> false;
        };
    }

    private static List<byte[]> written(List<Picture> machines) {
        return machines.stream().map(Picture::json).toList();
    }
}
