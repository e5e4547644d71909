package dev.fleetgateway.lease;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the gateway itself has written of who moved what. */
final class AuditTrail implements AutoCloseable {

    private final Logger logger = (Logger) LoggerFactory.getLogger("audit");
    private final List<Line> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new Line(JsonMapper.shared().readTree(event.getFormattedMessage())));
        }
    };

    private AuditTrail() {}

    /** Begins to read along. After the gateway has started, since its start sets logging up anew. */
    static AuditTrail begin() {
        AuditTrail trail = new AuditTrail();
        trail.appender.setContext(trail.logger.getLoggerContext());
        trail.appender.start();
        trail.logger.setLevel(Level.INFO);
        trail.logger.setAdditive(false);
        trail.logger.addAppender(trail.appender);
        return trail;
    }

    /** One line. */
    record Line(JsonNode json) {

        String text(String member) {
            return json.path(member).asString("");
        }

        long number(String member) {
            return json.path(member).asLong(0);
        }

        Instant at() {
            return Instant.parse(text("at"));
        }

        /** When it began, if it says how long it took. */
        Instant begun() {
            return at().minusMillis(number("tookMillis") + 1);
        }
    }

    List<Line> of(String machine, String event) {
        return lines.stream()
                .filter(line -> line.text("machine").equals(machine)
                        && line.text("event").equals(event))
                .toList();
    }

    List<Line> of(String machine) {
        return lines.stream()
                .filter(line -> line.text("machine").equals(machine))
                .toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }
}
