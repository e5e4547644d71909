package dev.fleetgateway.access;

import dev.fleetgateway.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record of who moved what: one line of JSON for every command that may move something, every stop and every event of a lease, by
 * the logger named {@code audit}. It holds no secret: a lease is told by its sequence number, never by its id.
 */
@Component
public final class Audit {

    private static final Logger log = LoggerFactory.getLogger("audit");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Time time;

    /** Writes with the times of the given clock. */
    public Audit(Time time) {
        this.time = time;
    }

    /** Begins a line; nothing is written before {@link Line#write}. */
    public Line line(String event, Visit who, String machine) {
        return new Line(event, who, machine);
    }

    /** One line under way. Used by one thread. */
    public final class Line {

        private final Map<String, Object> members = new LinkedHashMap<>();

        private Line(String event, Visit who, String machine) {
            members.put("at", time.now().toString());
            members.put("event", event);
            members.put("caller", who.caller());
            members.put("from", who.from());
            members.put("machine", machine);
        }

        /** Adds a member; null is left out. */
        public Line with(String member, @Nullable Object value) {
            if (value != null) {
                members.put(member, value instanceof Duration took ? took.toMillis() : value.toString());
            }
            return this;
        }

        /** Adds a number. */
        public Line with(String member, long value) {
            members.put(member, value);
            return this;
        }

        /** Writes it. */
        public void write() {
            if (log.isInfoEnabled()) {
                log.info(JSON.writeValueAsString(members));
            }
        }
    }
}
