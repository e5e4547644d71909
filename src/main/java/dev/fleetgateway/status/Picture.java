package dev.fleetgateway.status;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A picture with its place in the feed. It is written as JSON once, when the first reader wants it, however many read it.
 */
public final class Picture {

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(JsonWriteFeature.ESCAPE_FORWARD_SLASHES)
            .build();

    private final MachinePicture machine;
    private final MachinePicture steady;
    private final long seq;
    private volatile byte @Nullable [] json;

    Picture(MachinePicture machine, MachinePicture steady, long seq) {
        this.machine = machine;
        this.steady = steady;
        this.seq = seq;
    }

    /** What is shown. */
    public MachinePicture machine() {
        return machine;
    }

    /** The number of the change that brought it; newer values that are no change do not alter it. */
    public long seq() {
        return seq;
    }

    /** The picture in UTF-8. The array is shared by all readers: never write to it. */
    public byte[] json() {
        byte[] written = json;
        if (written == null) {
            synchronized (this) {
                written = json;
                if (written == null) {
                    written = JSON.writeValueAsBytes(machine);
                    json = written;
                }
            }
        }
        return written;
    }

    MachinePicture steady() {
        return steady;
    }
}
